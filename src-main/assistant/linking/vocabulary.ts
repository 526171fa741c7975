import { distance } from 'fastest-levenshtein';

/** Letters at a term's ends by which it is found. */
const END = 3;
/** Shorter parts stand in too many words. */
const SHORTEST_PART = 4;
/** As many finds are enough for one word. */
const MOST = 20;

/** The terms of an index, for words that are only nearly there. */
export class Vocabulary {
  private readonly heads = new Map<string, Set<string>>();
  private readonly tails = new Map<string, Set<string>>();
  /** By the first letter. */
  private readonly starts = new Map<string, Set<string>>();

  add(term: string): void {
    include(this.starts, term.slice(0, 1), term);
    if (term.length < SHORTEST_PART) return;
    include(this.heads, term.slice(0, END), term);
    include(this.tails, term.slice(-END), term);
  }

  remove(term: string): void {
    exclude(this.starts, term.slice(0, 1), term);
    exclude(this.heads, term.slice(0, END), term);
    exclude(this.tails, term.slice(-END), term);
  }

  /** Terms that begin or end with the part and have three more letters: 'gasstation' for 'station'. */
  compounds(part: string): string[] {
    if (part.length < SHORTEST_PART) return [];
    const longer = (term: string): boolean => term.length >= part.length + 3;
    const beginning = [...(this.heads.get(part.slice(0, END)) ?? [])].filter((term) => longer(term) && term.startsWith(part));
    const ending = [...(this.tails.get(part.slice(-END)) ?? [])].filter((term) => longer(term) && term.endsWith(part));
    return [...beginning, ...ending].slice(0, MOST);
  }

  /** Terms that abbreviate the word: cut off (`cust`), or of its letters without vowels (`qty`). */
  abbreviations(word: string): string[] {
    return [...(this.starts.get(word.slice(0, 1)) ?? [])].filter((term) => abbreviates(term, word)).slice(0, MOST);
  }

  /** Terms that the word abbreviates. */
  longForms(word: string): string[] {
    return [...(this.starts.get(word.slice(0, 1)) ?? [])].filter((term) => abbreviates(word, term)).slice(0, MOST);
  }

  /** Terms with the same first letters and one letter's difference, two for long words: a slip of the finger, an ending of another language. */
  similar(word: string): string[] {
    if (word.length < 5) return [];
    const most = word.length >= 8 ? 2 : 1;
    const near = (term: string): boolean => Math.abs(term.length - word.length) <= most && distance(term, word) <= most;
    return [...(this.heads.get(word.slice(0, END)) ?? [])].filter(near).slice(0, MOST);
  }
}

/** `long` is a stem: its last `i` was a `y`. */
function abbreviates(short: string, long: string): boolean {
  if (short.length < 3 || short.length > 5 || long.length < short.length + 2) return false;
  return long.startsWith(short) || (!/[aeiou]/.test(short.slice(1)) && isSubsequence(short, long.replace(/i$/, 'y')));
}

function isSubsequence(short: string, long: string): boolean {
  let place = 0;
  for (const letter of long) if (letter === short[place]) place += 1;
  return place === short.length;
}

function include(map: Map<string, Set<string>>, key: string, term: string): void {
  const known = map.get(key);
  if (known) known.add(term);
  else map.set(key, new Set([term]));
}

function exclude(map: Map<string, Set<string>>, key: string, term: string): void {
  const known = map.get(key);
  known?.delete(term);
  if (known?.size === 0) map.delete(key);
}
