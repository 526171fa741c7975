import { AppError } from '../errors';

/** The files that the person has chosen in a dialog of this run: the window may name no others, whatever runs in it. */
export class ChosenPaths {
  private readonly chosen = new Set<string>();

  add(path: string): void {
    this.chosen.add(path);
  }

  /** Returns the path; throws `refused` when no dialog gave it. */
  check(path: string): string {
    if (!this.chosen.has(path)) throw new AppError('refused', `${path} was not chosen in a dialog of this run.`, { hint: 'Choose the file again.' });
    return path;
  }
}
