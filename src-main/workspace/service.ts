import type { z } from 'zod';

/** The folder `.ai-shell/` of definitions that people review, share and version. Comments survive the program's edits. */
export interface Workspace {
  /** Absolute path. */
  readonly folder: string;
  /** One YAML file checked by a schema, in the folder itself or one below it (`charts/NAME.yaml`). Reading a file that is absent gives the schema's value for `{}`. */
  file<S extends z.ZodType>(name: string, schema: S): WorkspaceFile<S>;
  /** One file as its text, for who reads it with patience for what is wrong in it. `longest` is in bytes. */
  text(name: string, longest: number): WorkspaceText;
  close(): void;
}

export interface WorkspaceFile<S extends z.ZodType> {
  /** Rejects with AppError `bad_input` naming file, line and field; the file is left as it is. */
  read(): Promise<z.output<S>>;
  /**
   * Writes what differs between the stored and the given value into the document, keeping comments, order and unknown keys;
   * atomic (written beside, synced, renamed).
   */
  write(value: z.input<S>): Promise<void>;
  /** Reads, lets `change` make the new value and writes it; calls on one file run one after the other, so that none is lost. */
  update(change: (current: z.output<S>) => z.input<S>): Promise<z.output<S>>;
  /** Told when the file changes, by us or by an editor outside. */
  onChange(listener: () => void): () => void;
}

export interface WorkspaceText {
  /** Absolute path. */
  readonly path: string;
  /** Empty when the file is absent. Rejects with AppError `bad_input` when it is too long, which is not read then, and `disk`. */
  read(): Promise<string>;
  /** Atomic, as `WorkspaceFile.write`. */
  write(text: string): Promise<void>;
  /** Gives the file another name beside it, which is returned; nothing is lost. Rejects with AppError `disk`. */
  setAside(): Promise<string>;
  /** As of `WorkspaceFile`. */
  onChange(listener: () => void): () => void;
}
