import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { expect } from 'vitest';
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
  follow(block: Block): void {
    if (block.language === 'sh') this.#type(block.text);
    else if (block.language === 'text') expect(lacking(block.text, this.#said), this.#said).toEqual([]);
    else this.#write(block);
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
export function lacking(example: string, output: string): readonly string[] {
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
