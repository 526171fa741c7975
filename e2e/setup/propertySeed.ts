import fc from 'fast-check';

// The same cases each time, so that a red run can be repeated; FC_SEED=random looks further.
const seed = process.env.FC_SEED;
if (seed !== 'random') fc.configureGlobal({ seed: Number(seed ?? 20_261_122) });
