import { configureGlobal } from 'fast-check';

/** The run prints this seed when it starts, so that a failed random case can be repeated. */
configureGlobal({ seed: Number(process.env.TEST_SEED) });
