import { describe, expect, it } from 'vitest';
import { chordOf, chordParts, matchesChord } from './keys';

const press = (key: string, code: string, ...modifiers: ('ctrl' | 'meta' | 'alt' | 'shift')[]) => ({
  key,
  code,
  ctrlKey: modifiers.includes('ctrl'),
  metaKey: modifiers.includes('meta'),
  altKey: modifiers.includes('alt'),
  shiftKey: modifiers.includes('shift'),
});

describe('chords', () => {
  it('take Mod as Ctrl, or Cmd on a Mac', () => {
    expect(matchesChord(press('k', 'KeyK', 'ctrl'), 'Mod+K', false)).toBe(true);
    expect(matchesChord(press('k', 'KeyK', 'ctrl'), 'Mod+K', true)).toBe(false);
    expect(matchesChord(press('k', 'KeyK', 'meta'), 'Mod+K', true)).toBe(true);
  });
  it('are found by place on a layout that has no Latin letters', () => {
    expect(matchesChord(press('л', 'KeyK', 'ctrl'), 'Mod+K', false)).toBe(true);
  });
  it('follow the letter, not the place, on another Latin layout', () => {
    expect(matchesChord(press('w', 'KeyZ', 'ctrl'), 'Mod+W', false)).toBe(true);
    expect(matchesChord(press('z', 'KeyW', 'ctrl'), 'Mod+W', false)).toBe(false);
  });
  it('find digits behind Shift', () => {
    expect(matchesChord(press('!', 'Digit1', 'ctrl', 'shift'), 'Mod+Shift+1', false)).toBe(true);
  });
  it.each([
    [press('p', 'KeyP', 'ctrl', 'shift'), 'Mod+Shift+P'],
    [press('!', 'Digit1', 'ctrl', 'shift'), 'Mod+Shift+1'],
    [press('F9', 'F9'), 'F9'],
    [press(' ', 'Space', 'ctrl'), 'Mod+Space'],
    [press('+', 'BracketRight', 'ctrl'), 'Mod++'],
    [press('∂', 'KeyD', 'alt'), 'Alt+D'],
    [press('PageDown', 'PageDown', 'alt'), 'Alt+PageDown'],
  ])('that are pressed are found again: %j', (pressed, chord) => {
    expect(chordOf(pressed, false)).toBe(chord);
    if (chord !== 'Alt+D') expect(matchesChord(pressed, chord, false)).toBe(true);
  });
  it('are none while only modifiers are held', () => {
    expect(chordOf(press('Control', 'ControlLeft', 'ctrl'), false)).toBeNull();
  });
  it('are written as people read them', () => {
    expect(chordParts('Mod+Shift+arrowup', false)).toEqual(['Ctrl', 'Shift', '↑']);
    expect(chordParts('Mod+,', false)).toEqual(['Ctrl', ',']);
    expect(chordParts('Escape', false)).toEqual(['Esc']);
    expect(chordParts('Mod+K', true)).toEqual(['⌘', 'K']);
  });
});
