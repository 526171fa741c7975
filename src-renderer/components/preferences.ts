import { create } from 'zustand';

/** What a person's settings say about the parts that features share; the settings' own store keeps it up to date. */
export interface Preferences {
  /** Spaces of a tab and of one step of indentation. */
  readonly tabSize: number;
  readonly wordWrap: boolean;
  readonly lineNumbers: boolean;
  readonly closeBrackets: boolean;
  readonly completeOnTyping: boolean;
  /** How much of a long value the grid fetches. */
  readonly cellCharacters: number;
}

export const usePreferences = create<Preferences>(() => ({ tabSize: 2, wordWrap: false, lineNumbers: true, closeBrackets: true, completeOnTyping: true, cellCharacters: 300 }));
