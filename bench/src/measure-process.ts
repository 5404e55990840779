import type { Contender } from './contenders.ts';
import { type MeasureName, measure } from './measures.ts';

// One measurement of one contender; the answer goes to the parent, since the log goes to standard output.
const [name, contender] = process.argv.slice(2);
process.send?.(await measure(name as MeasureName, JSON.parse(contender ?? '') as Contender));
process.exit();
