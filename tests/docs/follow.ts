import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { expect } from 'vitest';
import { inProcess } from '../support/in-process.ts';
import { buildOnce, hyggeCommand, node } from '../support/run-hygge.ts';
import type { Block } from './blocks.ts';

/** Somebody who types what a page says, block after block, in a folder that goes when they do. */
export class Reader implements Disposable {
  readonly #base = mkdtempSync(join(tmpdir(), 'hygge-reader-'));
  readonly #bin = join(this.#base, '.bin');
  #folder = this.#base;
  #said = '';

  constructor() {
    buildOnce();
    mkdirSync(this.#bin);
    // `bin/` of a clone on the path, on a Node that is new enough.
    writeFileSync(join(this.#bin, 'hygge'), `#!/bin/sh\nexec "${node}" "${hyggeCommand}" "$@"\n`);
    chmodSync(join(this.#bin, 'hygge'), 0o755);
  }

  /** Where the reader is. */
  get folder(): string {
    return this.#folder;
  }

  /** Runs a crontab's line as cron does: in `sh`, with nearly no path, from home. The clone is where the page says. */
  cron(line: string): void {
    const [, command = ''] = /^(?:\S+ +){5}(.*)$/.exec(line) ?? [];
    symlinkSync(dirname(dirname(hyggeCommand)), join(this.#base, 'hygge'));
    const env = { PATH: '/usr/bin:/bin', HOME: this.#base };
    const result = spawnSync('/bin/sh', ['-c', command], { cwd: this.#base, env, encoding: 'utf8' });
    expect({ code: result.status, said: result.status === 0 ? '' : result.stderr }).toEqual({ code: 0, said: '' });
  }

  /** Runs a shell block, compares a text block with what the last one said, writes any other to the file that its first line names. */
  async follow(block: Block): Promise<void> {
    if (block.language === 'sh') {
      const commands = commandsOf(block.text);
      if (commands === undefined) this.#type(block.text);
      else await this.#ask(commands);
    } else if (block.language === 'text') expect(lacking(block.text, this.#said), this.#said).toEqual([]);
    else this.#write(block);
  }

  async #ask(commands: readonly Command[]): Promise<void> {
    this.#said = '';
    for (const { words, ends } of commands) {
      const [program, ...args] = words;
      if (program === 'cd') this.#folder = resolve(this.#folder, args[0] ?? '');
      else {
        const { code, stdout, stderr } = await inProcess(args, this.#folder, process.env);
        this.#said += stdout + stderr;
        expect({ code, said: code === ends ? '' : this.#said }).toEqual({ code: ends, said: '' });
      }
    }
  }

  /** In a shell that stops at the first failure; the next block goes on in the folder where this one ends. */
  #type(text: string): void {
    const place = join(this.#bin, 'place');
    const env = { ...process.env, PATH: `${this.#bin}${delimiter}${process.env.PATH ?? ''}` };
    const result = spawnSync('bash', ['-c', `set -e\ntrap 'pwd > "${place}"' EXIT\n${text}`], { cwd: this.#folder, env, encoding: 'utf8' });
    this.#folder = readFileSync(place, 'utf8').trim();
    this.#said = result.stdout + result.stderr;
    const expected = Number(/# ends with (\d+)/.exec(text)?.[1] ?? 0);
    expect({ code: result.status, said: result.status === expected ? '' : this.#said }).toEqual({ code: expected, said: '' });
  }

  #write({ text, language }: Block): void {
    const file = /^# (\S+\.(?:ya?ml|csv|json))\n/.exec(text)?.[1];
    expect(file, 'the first line names the file').toBeDefined();
    const path = join(this.#folder, file ?? '');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${language === 'yaml' ? text : text.replace(/^.*\n/, '')}\n`);
  }

  [Symbol.dispose](): void {
    rmSync(this.#base, { recursive: true, force: true });
  }
}

interface Command {
  readonly words: readonly string[];
  readonly ends: number;
}

/** The lines of a block, where they need no shell: `hygge` and `cd` with plain words and quoted ones. A process for each takes ten times as long. */
function commandsOf(text: string): readonly Command[] | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (!lines.every((line) => /^(hygge|cd) /.test(line))) return undefined;
  const commands = lines.map((line) => {
    const [, typed = '', comment = ''] = /^((?:'[^']*'|[^'#]|\S#)*)(\s#.*)?$/.exec(line) ?? [];
    const words = [...typed.matchAll(/'([^']*)'|([^\s']+)/g)];
    const isPlain = typed !== '' && words.every(([, , bare = '']) => /^[\w./:=,@%+-]*$/.test(bare));
    return {
      isPlain,
      words: words.map(([, quoted, bare]) => quoted ?? bare ?? ''),
      ends: Number(/# ends with (\d+)/.exec(comment)?.[1] ?? 0),
    };
  });
  return commands.every(({ isPlain }) => isPlain) ? commands : undefined;
}

/** Times and sizes differ from day to day, and the width of columns with them. */
function settledDown(line: string): string {
  return line
    .replace(/\d+(\.\d+)? (ms|s|min)\b/g, '# s')
    .replace(/ \([\d,.]+[kM]?\/s\)/g, '')
    .replace(/[\d.]+ (kB|MB)/g, '# kB')
    .replace(/(?<=\S) +/g, ' ')
    .trimEnd();
}

/** The lines of an example in the output, in order; `…` stands for any number of lines, or for the rest of one. */
function lacking(example: string, output: string): readonly string[] {
  const lines = output.split('\n').map(settledDown);
  let from = 0;
  return example.split('\n').filter((line) => {
    const wanted = settledDown(line);
    if (wanted === '…' || wanted === '') return false;
    const matches = wanted.endsWith('…') ? (one: string) => one.startsWith(wanted.slice(0, -1)) : (one: string) => one === wanted;
    const at = lines.findIndex((one, nth) => nth >= from && matches(one));
    if (at >= 0) from = at + 1;
    return at < 0;
  });
}
