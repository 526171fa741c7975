import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

/** As the server's default, scram_iterations. */
const ITERATIONS = 4096;

/**
 * The verifier that the server keeps for a password, so that the password itself is never sent: SCRAM-SHA-256$ITERATIONS:SALT$STORED:SERVER
 * in base64. Source: RFC 5802 and 7677; PostgreSQL's scram_build_secret(). The password is normalised as SASLprep asks for where that can
 * be done with NFKC; one that SASLprep forbids is taken as it is, as the server does.
 */
export function scramVerifier(password: string, salt: Uint8Array = randomBytes(16)): string {
  const salted = pbkdf2Sync(prepared(password), salt, ITERATIONS, 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const stored = createHash('sha256').update(clientKey).digest('base64');
  const server = createHmac('sha256', salted).update('Server Key').digest('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${Buffer.from(salt).toString('base64')}$${stored}:${server}`;
}

/** RFC 4013: other spaces become a space, what is commonly mapped to nothing goes, then NFKC. */
function prepared(password: string): string {
  if (/^[\x20-\x7e]*$/.test(password)) return password;
  const mapped = password.replace(/[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g, ' ').replace(/\u00ad|\u034f|\u1806|[\u180b-\u180d]|[\u200c\u200d]|\u2060|[\ufe00-\ufe0f]|\ufeff/g, '').normalize('NFKC');
  return /[\u0000-\u001f\u007f-\u009f]/.test(mapped) || mapped === '' ? password : mapped;
}
