import type { Contender } from './contenders.ts';
import { type MeasureName, measure } from './measures.ts';

// Runs one measurement of one contender. The result is sent to the parent, because the log goes to standard output.
const [name, contender] = process.argv.slice(2);
process.send?.(await measure(name as MeasureName, JSON.parse(contender ?? '') as Contender));
process.exit();
