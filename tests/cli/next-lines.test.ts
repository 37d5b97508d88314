import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { typedGo } from '../../src/cli/run/typed-go.ts';
import { eventsOf } from '../support/run-hygge.ts';
import { exampleWorkspace, hygge } from './workspace.ts';

/** The words of the command after `next`, as a shell takes them. */
function nextOf(stdout: string): readonly string[] {
  const line = /^next {2}hygge (.+?)(?: {4}.*)?$/m.exec(stdout)?.[1] ?? '';
  return (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'(.*)'$/, '$1'));
}

describe('the command after next', () => {
  it.each([
    [['go', '--dry-run', '-f', 's*', '--exclude', 'shop.orders'], ['shop.customers']],
    [['go', '-e', 'shop.orders', '-d'], ['shop.orders']],
  ])('of hygge %j moves just what that was about', async (args, entities) => {
    await using workspace = await exampleWorkspace();
    const first = await hygge(args, workspace.root);
    expect([first.code, first.stderr]).toEqual([0, '']);
    const advised = nextOf(first.stdout);
    expect(advised[0]).toBe('go');
    const again = [...advised, '--output', 'json'];
    const second = await hygge(again, workspace.root);
    expect(second.code).toBe(0);
    const summary = eventsOf(again, second.stdout).at(-1);
    const moved = summary?.event === 'summary' ? summary.entities.map(({ flow, entity }) => `${flow}.${entity}`) : [];
    expect(moved.sort()).toEqual([...entities].sort());
  });

  it('keeps how entities are loaded for the same again, and only what they are for the next time', () => {
    const flags = {
      color: true,
      output: 'text',
      fullDrop: true,
      flow: ['shop'],
      entity: ["a.it's"],
      var: ['flow.shop.home.path=x y'],
      concurrency: 2,
    } as const;
    expect(typedGo(flags)).toEqual({
      again: "hygge go -f shop -e 'a.it'\\''s' --var 'flow.shop.home.path=x y' -c 2",
      same: "hygge go -f shop -e 'a.it'\\''s' -d --var 'flow.shop.home.path=x y' -c 2",
    });
  });

  it('after a failure tries the same entities again', async () => {
    await using workspace = await exampleWorkspace();
    await hygge(['go'], workspace.root);
    await rm(`${workspace.root}/.hygge/state`, { recursive: true });
    const failed = await hygge(['go', '-e', 'shop.orders'], workspace.root);
    expect(failed.code).toBe(1);
    expect(failed.stdout).toMatch(/hygge go -e shop\.orders {4}run again once fixed/);
  });
});
