/** Shorter values would cut ordinary words out of every log line. */
const MIN_LENGTH = 4;

export interface Redactor {
  add(value: string): void;
  redact(text: string): string;
}

/** Cuts values out of texts, also in the forms in which they stand inside a URL or a JSON document. */
export function createRedactor(): Redactor {
  const seen = new Set<string>();
  let forms: string[] = [];
  return {
    add: (value) => {
      if (value.length < MIN_LENGTH || seen.has(value)) return;
      seen.add(value);
      // The longest first, so that a secret within a secret does not leave the rest standing.
      forms = [...new Set([...seen].flatMap(formsOf))].sort((a, b) => b.length - a.length);
    },
    redact: (text) => forms.reduce((rest, form) => rest.replaceAll(form, '***'), text),
  };
}

function formsOf(value: string): string[] {
  const wellFormed = value.replace(/\p{Surrogate}/gu, '\uFFFD');
  const encoded = encodeURIComponent(wellFormed);
  const strict = encoded.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  const urls = [encoded, strict, strict.replaceAll('%20', '+')];
  const lowerCase = urls.map((form) => form.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()));
  const json = JSON.stringify(value).slice(1, -1);
  return [value, ...urls, ...lowerCase, json, JSON.stringify(json).slice(1, -1)];
}
