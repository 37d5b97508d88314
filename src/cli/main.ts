import { surroundingsOfProcess } from './process.ts';
import { run } from './run.ts';

const surroundings = surroundingsOfProcess(process);
const code = await run(process.argv.slice(2), surroundings);
await surroundings.flushed();
process.exit(code);
