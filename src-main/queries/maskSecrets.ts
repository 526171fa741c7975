const afterPassword = /\b(password\s+)(?:E?'(?:[^'\\]|''|\\.)*'|\$(\w*)\$[\s\S]*?\$\2\$)/gi;
const literal = /'(?:[^']|'')*'/g;
const inConnectionString = /(\b(?:password|passfile|sslpassword)\s*=\s*)(?:\\'[^']*|''(?:[^']|'')*''|[^\s']+)/gi;
const inUrl = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@']*:)[^\s@/']+@/gi;

/**
 * Replaces what statements state as passwords by `***`: after the word PASSWORD (roles, user mappings), in connection strings inside
 * literals (subscriptions, dblink), in URLs. History keeps statements for long, and passwords belong to the keychain only.
 */
export function maskSecrets(text: string): string {
  return text
    .replace(afterPassword, "$1'***'")
    .replace(literal, (quoted) => quoted.replace(inConnectionString, '$1***'))
    .replace(inUrl, '$1***@');
}
