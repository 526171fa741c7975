import { isDeepStrictEqual } from 'node:util';
import { isMap, isNode, isScalar, isSeq, Scalar } from 'yaml';
import type { Node , Document, YAMLMap, YAMLSeq } from 'yaml';

type Plain = Readonly<Record<string, unknown>>;

/**
 * Makes a YAML document say `wanted`, touching only what differs, so that comments, order, quoting and unknown keys stay.
 * `known` is what the schema understood of the document as it stands: a key that is in the document and in `known` but not in
 * `wanted` was removed on purpose; one that is in neither is somebody else's and stays. Items of a list are told apart by their
 * `id` (else `name`, else their whole value, else their place) and carry their comments along when they move.
 */
export function mergeYaml(document: Document, known: unknown, wanted: unknown): void {
  const merged = mergeNode(document, document.contents, known, wanted);
  if (merged !== document.contents) document.contents = merged;
}

function mergeNode(document: Document, node: unknown, known: unknown, wanted: unknown): Node {
  if (isNode(node) && isDeepStrictEqual(node.toJS(document), wanted)) return node;
  if (isMap(node) && isPlain(wanted)) return mergeMap(document, node, isPlain(known) ? known : {}, wanted);
  if (isSeq(node) && Array.isArray(wanted)) return mergeSequence(document, node, Array.isArray(known) ? known : [], wanted);
  if (isScalar(node) && !isPlain(wanted) && !Array.isArray(wanted)) return mergeScalar(node, wanted);
  return replaceNode(document, node, wanted);
}

function mergeMap(document: Document, map: YAMLMap, known: Plain, wanted: Plain): YAMLMap {
  for (const pair of [...map.items]) {
    const key = keyOf(pair.key);
    if (key in known && (!(key in wanted) || wanted[key] === undefined)) map.delete(pair.key);
  }
  for (const [key, value] of Object.entries(wanted)) {
    if (value === undefined) continue;
    const pair = map.items.find((candidate) => keyOf(candidate.key) === key);
    if (pair) pair.value = mergeNode(document, pair.value, known[key], value);
    else map.add(document.createPair(key, value));
  }
  return map;
}

function mergeSequence(document: Document, sequence: YAMLSeq, known: readonly unknown[], wanted: readonly unknown[]): YAMLSeq {
  const old = sequence.items.map((item, index) => ({ node: item, value: isNode(item) ? (item.toJS(document) as unknown) : item, known: known[index], taken: false }));
  const partners = wanted.map(() => -1);
  const pass = (matches: (oldIndex: number, index: number) => boolean): void => {
    partners.forEach((partner, index) => {
      if (partner !== -1) return;
      const found = old.findIndex((candidate, oldIndex) => !candidate.taken && matches(oldIndex, index));
      if (found === -1) return;
      partners[index] = found;
      (old[found] as { taken: boolean }).taken = true;
    });
  };
  const identity = (value: unknown): unknown => (isPlain(value) ? (value['id'] ?? value['name']) : undefined);
  const identified = (value: unknown): boolean => identity(value) !== undefined;
  pass((from, to) => identified(wanted[to]) && identity(old[from]?.value) === identity(wanted[to]));
  pass((from, to) => isDeepStrictEqual(old[from]?.value, wanted[to]));
  pass((from, to) => from === to && !identified(wanted[to]) && !identified(old[from]?.value));
  sequence.items = partners.map((partner, index) => {
    const source = old[partner];
    return source ? mergeNode(document, source.node, source.known, wanted[index]) : document.createNode(wanted[index]);
  });
  return sequence;
}

function mergeScalar(scalar: Scalar, wanted: unknown): Node {
  const sameKind = typeof scalar.value === typeof wanted;
  if (sameKind && scalar.tag === undefined) {
    scalar.value = wanted;
    return scalar;
  }
  return keepComments(scalar, new Scalar(wanted));
}

function replaceNode(document: Document, node: unknown, wanted: unknown): Node {
  const made = document.createNode(wanted);
  return isNode(node) ? keepComments(node, made) : made;
}

function keepComments<T extends Node>(from: Node, to: T): T {
  if (from.commentBefore) to.commentBefore = from.commentBefore;
  if (from.comment) to.comment = from.comment;
  if (from.spaceBefore) to.spaceBefore = true;
  return to;
}

function keyOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
