import { stemmer } from 'stemmer';
import { abbreviations, irregularForms, stopWords, synonyms } from './wordLists';

/** What a word of a question may be called in a schema, and how much each counts; 1 is the word itself. */
export type Terms = ReadonlyMap<string, number>;

/** What a synonym counts; abbreviations and the word itself count more. */
export const SYNONYM = 0.4;
/** 'when' and 'who' are not said of a column as surely as 'buyer' is of a customer. */
const TELLING_STOP = 0.2;
const ABBREVIATION = 0.9;
/** Two words written as one: less than 1, so that nothing alike is looked for. */
const TOGETHER = 0.95;

const stop = new Set(stopWords.flatMap((line) => line.split(' ')));

/** Whether a word, as `splitWords` gives it, says nothing about what is asked. */
export const isStopWord = (word: string): boolean => stop.has(word);
/** Asked with these, a question means what their synonyms say. */
const tellingStops = new Set(['who', 'when', 'where']);
const irregular = new Map(Object.entries(irregularForms));
const longForms = new Map(Object.entries(abbreviations).map(([short, long]) => [short, long.split(' ').map(stem)]));
const shortForms = new Map<string, string[]>();
for (const [short, [long, ...more]] of longForms) if (long !== undefined && more.length === 0) shortForms.set(long, [...(shortForms.get(long) ?? []), short]);
const alike = new Map<string, Set<string>>();
for (const line of synonyms) {
  const stems = line.split(' ').map(stem);
  for (const one of stems) alike.set(one, new Set([...(alike.get(one) ?? []), ...stems.filter((other) => other !== one)]));
}

/** Scripts written without spaces: their words are unknown, so pairs of letters stand for them. */
const unspaced = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]{3,}$/u;

/** Names come again and again in a schema; this many are split once, then the memory begins anew. */
const REMEMBERED = 20_000;
const LONGEST_REMEMBERED = 64;
const remembered = new Map<string, readonly string[]>();

/** Words of a name or a text: split at signs, camelCase and between letters and digits; lower case, without accents; not stemmed. */
export function splitWords(text: string): string[] {
  const spaced = text
    .replace(/[’']s\b/g, '')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replace(/(\p{L})(\p{N})/gu, '$1 $2')
    .replace(/(\p{N})(\p{L})/gu, '$1 $2');
  return fold(spaced)
    .split(/[^\p{L}\p{N}]+/u)
    .flatMap((word) => (word === '' ? [] : unspaced.test(word) ? letterPairs(word) : [word]));
}

/** Lower case and without accents (NFKD without its marks), so that spellings compare. */
export function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}+/gu, '').toLowerCase().replaceAll('ß', 'ss');
}

/** Porter's stem (M. F. Porter, 1980) of a lower-case word, after a few irregular forms; words of other scripts stay as they are. */
export function stem(word: string): string {
  const plain = irregular.get(word) ?? word;
  return /^[a-z]{3,}$/.test(plain) ? stemmer(plain) : plain;
}

/** The terms of a name or a comment: stems, and the long forms of abbreviations. */
export function nameTerms(name: string): readonly string[] {
  const known = remembered.get(name);
  if (known) return known;
  const terms = splitWords(name).flatMap((word) => [stem(word), ...(longForms.get(word) ?? [])]);
  if (remembered.size >= REMEMBERED) remembered.clear();
  if (name.length <= LONGEST_REMEMBERED) remembered.set(name, terms);
  return terms;
}

/**
 * The words of a question without those that say nothing, by their stems, each with its abbreviations, long forms and synonyms; two
 * neighbours also as one word and by their initials, as names write them. Of numbers only those that may be years stay.
 */
export function questionTerms(question: string): Map<string, Terms> {
  const words = splitWords(question).filter((word) => (!stop.has(word) || tellingStops.has(word)) && !(/^\p{N}+$/u.test(word) && word.length !== 4));
  const found = new Map<string, Terms>();
  for (const [index, word] of words.entries()) {
    found.set(stem(word), termsOf(word));
    const next = words[index + 1];
    if (next === undefined) continue;
    const together = stem(word + next);
    if (!found.has(together)) found.set(together, new Map([[together, TOGETHER], [`${word.slice(0, 1)}${next.slice(0, 1)}`, SYNONYM]]));
  }
  return found;
}

function termsOf(word: string): Terms {
  const own = stem(word);
  const synonymsOf = [...(alike.get(own) ?? [])];
  if (tellingStops.has(word)) return new Map(synonymsOf.map((other) => [other, TELLING_STOP]));
  const abbreviationsOf = [...(longForms.get(word) ?? []), ...(shortForms.get(own) ?? [])];
  return new Map([...synonymsOf.map((other) => [other, SYNONYM] as const), ...abbreviationsOf.map((other) => [other, ABBREVIATION] as const), [own, 1]]);
}

function letterPairs(word: string): string[] {
  const letters = [...word];
  return letters.slice(1).map((letter, index) => (letters[index] ?? '') + letter);
}
