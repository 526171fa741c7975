/** What a key event must look like, from a chord such as `Mod+Shift+P`. */
interface Chord {
  readonly ctrl: boolean;
  readonly meta: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
  readonly key: string;
}

/** The part of a KeyboardEvent that counts. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

export const onMac = (): boolean => typeof navigator !== 'undefined' && navigator.userAgent.includes('Mac');

/** Parses `Mod+Shift+P`; `Mod` is Ctrl, or Cmd on a Mac. The key is the last part, as in KeyboardEvent.key, in any case. */
export function parseChord(text: string, mac: boolean): Chord {
  const parts = text.split('+').map((part) => part.toLowerCase());
  // A trailing `+` is the plus key itself.
  const key = parts.pop() || '+';
  const mod = parts.includes('mod');
  return { ctrl: parts.includes('ctrl') || (mod && !mac), meta: parts.includes('meta') || (mod && mac), alt: parts.includes('alt'), shift: parts.includes('shift'), key };
}

/** Digits and letters are compared by their place too, so that Shift and foreign layouts do not hide them. */
function sameKey(press: KeyPress, key: string): boolean {
  if (press.key.toLowerCase() === (key === 'space' ? ' ' : key)) return true;
  return /^[a-z]$/.test(key) ? press.code === `Key${key.toUpperCase()}` && !/^[a-z]$/i.test(press.key) : /^\d$/.test(key) && press.code === `Digit${key}`;
}

/** Whether a key event is this chord, neither more nor less. */
export function matchesChord(press: KeyPress, text: string, mac: boolean = onMac()): boolean {
  const chord = parseChord(text, mac);
  return (
    press.ctrlKey === chord.ctrl && press.metaKey === chord.meta && press.altKey === chord.alt && press.shiftKey === chord.shift && sameKey(press, chord.key)
  );
}

const MODIFIERS = new Set(['Control', 'Meta', 'Alt', 'Shift', 'AltGraph', 'CapsLock', 'Dead', 'Process', 'Unidentified']);

/** The chord that a key event is, as `parseChord` reads it; null while only modifiers are held. Shifted letters and digits are named by their key. */
export function chordOf(press: KeyPress, mac: boolean = onMac()): string | null {
  if (MODIFIERS.has(press.key)) return null;
  const modifiers: [boolean, string][] = [
    [mac ? press.metaKey : press.ctrlKey, 'Mod'],
    [mac && press.ctrlKey, 'Ctrl'],
    [!mac && press.metaKey, 'Meta'],
    [press.altKey, 'Alt'],
    [press.shiftKey, 'Shift'],
  ];
  return [...modifiers.filter(([held]) => held).map(([, name]) => name), keyName(press)].join('+');
}

function keyName({ key, code, shiftKey, altKey }: KeyPress): string {
  if (key === ' ') return 'Space';
  if (/^[a-z]$/i.test(key)) return key.toUpperCase();
  // Shift and Alt make other signs of digits and letters.
  return (shiftKey || altKey ? /^(?:Digit|Key)([0-9A-Z])$/.exec(code)?.[1] : undefined) ?? key;
}

const names: Record<string, string> = { arrowup: '↑', arrowdown: '↓', arrowleft: '←', arrowright: '→', escape: 'Esc', pageup: 'PgUp', pagedown: 'PgDn', ' ': 'Space' };

/** The chord as a person reads it: `['Ctrl', 'Shift', 'P']`. */
export function chordParts(text: string, mac: boolean = onMac()): string[] {
  const chord = parseChord(text, mac);
  const key = names[chord.key] ?? (chord.key.length === 1 ? chord.key.toUpperCase() : chord.key.charAt(0).toUpperCase() + chord.key.slice(1));
  return [chord.ctrl ? 'Ctrl' : '', chord.meta ? '⌘' : '', chord.alt ? (mac ? '⌥' : 'Alt') : '', chord.shift ? (mac ? '⇧' : 'Shift') : '', key].filter(Boolean);
}
