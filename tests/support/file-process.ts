import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';

/** Says which file of tests this process is at, and for which project, to stuck-files.ts. */
const folder = process.env.HYGGE_TEST_PROCESSES;
if (folder !== undefined)
  writeFileSync(join(folder, String(process.pid)), `${process.env.HYGGE_TEST_PROJECT ?? ''} ${expect.getState().testPath ?? ''}`);
