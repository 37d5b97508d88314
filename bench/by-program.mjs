/** The rival: a program of a database, in a process of its own below Node. `node by-program.mjs <file for its output | -> <program> <its arguments…>`. */
import { spawnSync } from 'node:child_process';
import { openSync } from 'node:fs';

const [to, program, ...args] = process.argv.slice(2);
const output = openSync(to === '-' ? '/dev/null' : to, 'w');
const { status, signal, error } = spawnSync(program, args, { stdio: ['ignore', output, 'inherit'] });
if (error) throw error;
process.exitCode = status ?? 1;
if (signal !== null) process.stderr.write(`${program} ended with ${signal}\n`);
