import { configureGlobal } from 'fast-check';

/** One seed for the run, printed at its start, so that a failing random case is found again. */
configureGlobal({ seed: Number(process.env.TEST_SEED) });
