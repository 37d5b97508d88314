import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identityOf } from '../filesystems/disk/processes.ts';
import type { AppWorker } from '../ports/host.ts';

/** The worker process of an app. `app`: a text that distinguishes the app from other apps on the machine. */
export function appWorker(app: readonly string[]): AppWorker {
  const name = createHash('sha256')
    .update(JSON.stringify([process.cwd(), ...app]))
    .digest('hex')
    .slice(0, 16);
  const path = join(tmpdir(), `hygge-start-${name}.json`);
  const { pid, started } = identityOf(process.ppid);
  return {
    host: `${pid} ${started}`,
    note() {
      try {
        return JSON.parse(readFileSync(path, 'utf8'));
      } catch {
        return undefined;
      }
    },
    leave(note) {
      try {
        writeFileSync(`${path}.${process.pid}`, JSON.stringify(note));
        renameSync(`${path}.${process.pid}`, path);
      } catch {
        // Without the note, the next worker starts like the first worker.
      }
    },
    end(line, afterMs) {
      const end = () => {
        process.stderr.write(`${line}\n`);
        process.exit(1);
      };
      if (afterMs === 0) end();
      // The timer does not keep a process alive that only tests the app.
      else setTimeout(end, afterMs).unref();
    },
  };
}
