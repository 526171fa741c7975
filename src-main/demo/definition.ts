import path from 'node:path';
import constraints from '../../assets/demo/constraints.sql?raw';
import helpers from '../../assets/demo/helpers.sql?raw';
import ops from '../../assets/demo/ops.sql?raw';
import reference from '../../assets/demo/reference.sql?raw';
import schema from '../../assets/demo/schema.sql?raw';
import shop from '../../assets/demo/shop.sql?raw';


/** Everything in the demo database follows from this number: the same number, the same rows. */
export const demoSeed = 20_261_101;

/** Names the folder; raise it when the definition changes, and the next start builds a new demo beside the old one. */
const demoVersion = 1;

/** Where the demo's data lies inside the program's folder for it. */
export function demoFolder(folder: string): string {
  return path.join(folder, `shop-${demoVersion}`);
}

/** A part of the building that is worth a word to the person who waits. */
export interface DemoStep {
  readonly title: string;
  /** How long it took in milliseconds when it was measured; the parts' ratio makes the progress. */
  readonly weight: number;
  readonly sql: string;
}

/** The scripts of `assets/demo` in order, cut at their lines `-- step (WEIGHT): TITLE`. */
export function demoSteps(seed: number): DemoStep[] {
  return [helpers, schema, reference, shop, ops, constraints].flatMap((script) => {
    const [, ...parts] = script.replaceAll(':seed', `${seed}::bigint`).split(/^-- step \((\d+)\): (.*)$/m);
    const steps: DemoStep[] = [];
    for (let index = 0; index + 2 < parts.length; index += 3) steps.push({ weight: Number(parts[index]), title: parts[index + 1] ?? '', sql: parts[index + 2] ?? '' });
    return steps;
  });
}
