import { fold, stem, type Terms } from './words';

type Kind = 'country' | 'continent' | 'language' | 'date' | 'year' | 'email' | 'url' | 'name';

/** Words of the columns that hold literals of a kind. */
const columnWords: Readonly<Record<Kind, string>> = {
  country: 'country nation nationality location',
  continent: 'continent region',
  language: 'language nationality country',
  date: 'date day time',
  year: 'year date',
  email: 'email mail',
  url: 'url website',
  name: 'name surname forename first last',
};
const WEIGHT = 0.4;
const terms = new Map(Object.entries(columnWords).map(([kind, words]) => [kind, new Map(words.split(' ').map((word) => [stem(word), WEIGHT]))]));

const shapes: readonly (readonly [Kind, RegExp])[] = [
  ['email', /\b[\w.+-]+@[\w-]+\.\w/],
  ['url', /\bhttps?:\/\//],
  ['date', /\b\d{1,4}[-/]\d{1,2}[-/]\d{1,4}\b/],
  ['year', /\b(1[89]|20)\d\d\b/],
  // Two capitalised words inside a sentence, or a quoted one.
  ['name', /[\p{L}\d,;:]\s+\p{Lu}\p{Ll}+\s+\p{Lu}\p{Ll}+|["“'‘]\p{Lu}[^"”'’]*["”'’]/u],
];
/** May and March are left out: they are other words, too. */
const dateWords = 'january february april june july august september october november december monday tuesday wednesday thursday friday saturday sunday';
/** UN M49 codes of continents and their parts. */
const continents = ['002', '003', '005', '009', '019', '142', '150'];

/**
 * What the literals of a question say about the columns that may hold them, one entry a kind: dates, years and addresses by their
 * shape, countries, continents and languages by the names that ICU has for them (CLDR, English), capitalised names.
 */
export function literalTerms(question: string): Terms[] {
  const kinds = new Set(shapes.flatMap(([kind, shape]) => (shape.test(question) ? [kind] : [])));
  const words = fold(question).split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  for (let start = 0; start < words.length; start++) {
    for (let length = 1; length <= 3; length++) for (const kind of kindsOf(words.slice(start, start + length).join(' '))) kinds.add(kind);
  }
  return [...kinds].flatMap((kind) => terms.get(kind) ?? []);
}

let gazetteer: ReadonlyMap<string, readonly Kind[]> | null = null;

function kindsOf(text: string): readonly Kind[] {
  gazetteer ??= readGazetteer();
  const exact = gazetteer.get(text);
  if (exact) return exact;
  for (const end of ['n', 'an', 'ese', 'ish']) {
    const place = text.length > end.length + 3 && text.endsWith(end) ? gazetteer.get(text.slice(0, -end.length)) : undefined;
    if (place) return place;
  }
  return [];
}

function readGazetteer(): Map<string, Kind[]> {
  const found = new Map<string, Kind[]>(dateWords.split(' ').map((word) => [word, ['date']]));
  const add = (name: string | undefined, kind: Kind): void => {
    const text = fold(name ?? '').replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
    if (text.length > 2) found.set(text, [...(found.get(text) ?? []), kind]);
  };
  const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  const languages = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  for (const code of letters.flatMap((first) => letters.map((second) => first + second))) {
    add(regions.of(code.toUpperCase()), 'country');
    add(languages.of(code), 'language');
  }
  for (const code of continents) add(regions.of(code), 'continent');
  return found;
}
