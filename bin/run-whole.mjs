/**
 * Runs a program that is one script (`scripts/whole-script.mjs`) with what V8 compiled of it in earlier runs: a fifth of a short run is compiling
 * functions when they are first called, and Node's own cache of compiled code has only those that are compiled before. Plain JavaScript.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { cachedDataVersionTag, getHeapCodeStatistics } from 'node:v8';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

/** More than this has to be compiled anew for it to be worth keeping: a twentieth of a run, two hundred functions or so. */
const worthBytes = 128 * 1024;

/**
 * @param file The script: a function of `exports`, `require`, `module`, `__filename` and `__dirname`.
 * @param folder Where compiled code is kept; undefined: nowhere.
 */
export function runWhole(file, folder) {
  const source = readFileSync(file);
  const compiled = folder === undefined ? undefined : new Compiled(folder, source);
  const script = new Script(source.latin1Slice(), { filename: file, cachedData: compiled?.read() });
  if (compiled !== undefined) process.once('exit', (code) => code === 0 && compiled.learn(script));
  const module = { exports: {} };
  script.runInThisContext().call(module.exports, module.exports, createRequire(file), module, file, dirname(file));
}

/** Compiled code in a file: a line of JSON with its checksum and how much it was, then the code, where V8 can read it without making a copy. */
class Compiled {
  #path;
  #tag = cachedDataVersionTag();
  /** Of all code that there was at the end of the run that made it. */
  #bytes = 0;

  constructor(folder, source) {
    // V8's tag stands for its version, its flags and the processor.
    this.#path = join(folder, `whole-${crc32(source).toString(16)}-${this.#tag.toString(16)}`);
  }

  /** What was kept, if anything was. Not held on to: V8 makes functions of it, and it need not stay in memory beside them. */
  read() {
    try {
      const stored = readFileSync(this.#path);
      const end = stored.indexOf('\n');
      const { bytes, sum } = JSON.parse(stored.toString('latin1', 0, end));
      const code = stored.subarray(end + 1);
      // V8 itself does not look whether it is damaged.
      if (crc32(code) !== sum) return undefined;
      this.#bytes = bytes;
      return code;
    } catch {
      // None yet, or none that can be read: it is made anew.
      return undefined;
    }
  }

  /** Keeps what is compiled now, all that was kept before among it, if it is more than that. */
  learn(script) {
    const bytes = getHeapCodeStatistics().bytecode_and_metadata_size;
    if (!script.cachedDataRejected && bytes < this.#bytes + worthBytes) return;
    // V8 takes code only under the flags that it was made with: who sets one has set it back by now.
    if (cachedDataVersionTag() !== this.#tag) return;
    const code = script.createCachedData();
    const temporary = `${this.#path}.${process.pid}.tmp`;
    try {
      writeFileSync(temporary, Buffer.concat([lineOf({ bytes, sum: crc32(code) }), code]));
      renameSync(temporary, this.#path);
    } catch {
      // The next run compiles again.
      rmSync(temporary, { force: true });
    }
  }
}

/** As long as a multiple of eight, which is how V8 wants its code to lie. */
function lineOf(facts) {
  const text = JSON.stringify(facts);
  return Buffer.from(`${text.padEnd(Math.ceil((text.length + 1) / 8) * 8 - 1)}\n`);
}
