import { distance } from 'fastest-levenshtein';
import type { SchemaIndex } from './schemaIndex';
import { synonymsOf } from './synonyms';

/** How much a word of the schema counts for a question's word that is not the same. */
const SYNONYM = 0.45;
const ABBREVIATION = 0.6;
const PART = 0.5;
const TYPING_MISTAKE = 0.5;

/** Words of the index that a stem may mean: itself, its synonyms, and, as far as the schema has it not itself, abbreviations, words that it begins and words with a typing mistake. */
export function meaningsOf(index: SchemaIndex, stem: string): Map<string, number> {
  const meanings = new Map<string, number>();
  const offer = (word: string, factor: number): void => {
    if (index.postings.has(word) && factor > (meanings.get(word) ?? 0)) meanings.set(word, factor);
  };
  offer(stem, 1);
  for (const synonym of synonymsOf(stem)) offer(synonym, SYNONYM);
  for (const word of index.byStart.get(stem.slice(0, 1)) ?? []) {
    if (word === stem) continue;
    if (isAbbreviation(word, stem) || isAbbreviation(stem, word)) offer(word, ABBREVIATION);
    else if (word.length > stem.length && stem.length >= 4 && word.startsWith(stem)) offer(word, PART);
    else if (!meanings.has(stem) && stem.length >= 5 && Math.abs(word.length - stem.length) <= 1 && distance(word, stem) === 1) offer(word, TYPING_MISTAKE);
  }
  return meanings;
}

/** Whether `short` is `long` cut off or without most of its vowels: `cust`, `qty`, `dept`. The first letters are the same; a stem's last `i` was a `y`. */
function isAbbreviation(short: string, long: string): boolean {
  if (short.length < 3 || long.length < short.length + 2) return false;
  if (long.startsWith(short)) return true;
  return short.length <= 5 && !/[aeiou]/.test(short.slice(1)) && isSubsequence(short, long.replace(/i$/, 'y'));
}

function isSubsequence(short: string, long: string): boolean {
  let place = 0;
  for (const letter of long) if (letter === short[place]) place += 1;
  return place === short.length;
}
