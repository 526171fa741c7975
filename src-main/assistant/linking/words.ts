import { stemmer } from 'stemmer';

/** Words of a question that name nothing of a schema. */
const STOP_WORDS = new Set(
  (
    'a an the this that these those some any each every all both either neither no not none of in on at by for from to into onto with without within between among over under above below about ' +
    'through during before after since until per as than then and or but nor if is are was were be been being am do does did done have has had having can could will would shall should may might must ' +
    'i me my we us our you your he him his she her it its they them their who whom whose which what where when why how there here also only just so such same other another more most less least fewer ' +
    'many much few several very too own list show give get find return tell display provide please select compute calculate count number total sum average avg mean maximum minimum max min highest lowest ' +
    'largest smallest biggest greatest top bottom first last ordered sorted sort ascending descending alphabetical distinct different unique unit corresponding respective respectively using use used ' +
    'based whether exist exists existing contain contains containing include including belong belongs along along together out up down one two three four five ten equal greater exactly ever never always'
  ).split(' '),
);

/**
 * Words of a name or a sentence in their order, as they are compared: split at camelCase, digits and signs, accents taken away, lower
 * case, stemmed by Porter's rules (M. F. Porter, "An algorithm for suffix stripping", 1980); what is not English stays whole.
 */
export function wordsOf(text: string): string[] {
  return rawWords(text).map(stemOf);
}

/** As {@link wordsOf}, without the words that every question has. */
export function questionWords(text: string): string[] {
  return rawWords(text).flatMap((word) => (STOP_WORDS.has(word) || word.length < 2 ? [] : [stemOf(word)]));
}

/** Each two words of a text as one, since a schema may write them so. */
export function joinedWords(text: string): string[] {
  const words = rawWords(text);
  return words.slice(1).map((word, place) => stemOf((words[place] ?? '') + word));
}

function rawWords(text: string): string[] {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/ß/g, 'ss')
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replace(/(\p{L})(\p{N})/gu, '$1 $2')
    .replace(/[’']s\b/g, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

const stems = new Map<string, string>();
const STEMS_KEPT = 200_000;

/** Remembered, because a schema repeats its words. */
export function stemOf(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  if (stems.size > STEMS_KEPT) stems.clear();
  const stem = /^[a-z]+$/.test(word) ? stemmer(word) : word;
  stems.set(word, stem);
  return stem;
}
