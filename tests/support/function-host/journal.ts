import { closeSync, existsSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { HubRecord } from './hub.ts';

/** The hub's records on disk, a line each, written before anything comes of them: a host that was killed goes on from here. */
export class Journal {
  readonly #file: number;
  readonly #path: string;
  readonly #around: (write: () => void) => void;

  /** `around` does the writing, or something worse. */
  constructor(path: string, around: (write: () => void) => void = (write) => write()) {
    mkdirSync(dirname(path), { recursive: true });
    this.#path = path;
    this.#around = around;
    if (existsSync(path)) truncateSync(path, wholeLines(readFileSync(path)).length);
    this.#file = openSync(path, 'a');
  }

  records(): readonly HubRecord[] {
    const text = readFileSync(this.#path, 'utf8');
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as HubRecord);
  }

  append(record: HubRecord): void {
    this.#around(() => void writeSync(this.#file, `${JSON.stringify(record)}\n`));
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Without a last line that a kill has torn. */
function wholeLines(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
}
