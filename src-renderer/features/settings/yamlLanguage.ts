import { StreamLanguage, type StreamParser } from '@codemirror/language';

/** As much of YAML 1.2 as a file of settings has: comments, keys, strings, lists in brackets, and plain values. */
const parser: StreamParser<{ readonly none: null }> = {
  startState: () => ({ none: null }),
  token(stream) {
    if (stream.eatSpace()) return null;
    if (stream.peek() === '#' && (stream.sol() || /\s/.test(stream.string.charAt(stream.pos - 1)))) {
      stream.skipToEnd();
      return 'comment';
    }
    if (stream.match(/^(?:[\w.-]+|"[^"]*"|'[^']*')(?=\s*:(?:\s|$))/)) return 'propertyName';
    if (stream.match(/^"(?:[^"\\]|\\.)*"?|^'(?:[^']|'')*'?/)) return 'string';
    if (stream.match(/^[[\]{},:]/)) return 'punctuation';
    if (stream.match(/^(?:true|false|null|~)(?=[\s,\]}#]|$)/)) return 'atom';
    if (stream.match(/^[-+]?\d[\d_.]*(?=[\s,\]}#]|$)/)) return 'number';
    if (!stream.match(/^[^\s,[\]{}#]+/)) stream.next();
    return 'string';
  },
};

export const yamlLanguage = StreamLanguage.define(parser);
