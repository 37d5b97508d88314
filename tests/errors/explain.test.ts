import { describe, expect, test } from 'vitest';
import { run } from '../../src/cli/program/run.ts';
import { catalogue } from '../../src/errors/codes/catalogue.ts';
import { fakeSurroundings } from '../cli/surroundings.ts';
import { sampled } from '../support/samples.ts';

async function explained(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const surroundings = fakeSurroundings('/');
  const code = await run(['explain', ...args], surroundings);
  return { code, out: surroundings.stdout(), err: surroundings.stderr() };
}

describe('hygge explain', () => {
  test('says what a code means, why it happens, what to try, and what it looks like; no workspace is needed', async () => {
    const { code, out } = await explained('HYG-2001');
    expect(code).toBe(0);
    expect(out).toContain('HYG-2001 Another run holds the entity');
    expect(out).toMatch(/^what {2}Another run works/m);
    expect(out).toMatch(/^why {3}Two schedules overlap/m);
    expect(out).toMatch(/^try {3}Let the other run finish/m);
    expect(out).toMatch(/^✗ HYG-2001 shop\.orders is locked by another run/m);
  });

  test('says no advice twice that its example has', async () => {
    const { out } = await explained('HYG-3928');
    expect(out.match(/Load everything again/g)).toHaveLength(1);
    expect(out).toMatch(/^why {3}A program compacted files/m);
  });

  test('shows a mistake in a file with its line, as the run itself does', async () => {
    const { out } = await explained('1010');
    expect(out).toContain('flows/crm/flow.yml:3:3  HYG-1010');
    expect(out).toContain('3 │   colums: [id, name]\n      │   ^');
  });

  test.each(sampled(catalogue, 20).map(({ code }) => code))('knows %s', async (code) => {
    const { out, err } = await explained(code);
    expect(err).toBe('');
    expect(out).toContain(code);
    expect(out).toContain('As it looks:');
  });

  test('lists them all when no code is named', async () => {
    const { out } = await explained();
    expect(catalogue.filter(({ code, title }) => !out.includes(`${code}  ${title}`))).toEqual([]);
  });

  test('speaks to programs in the words of the catalogue', async () => {
    const { out } = await explained('HYG-2001', '--output', 'json');
    const told = JSON.parse(out);
    expect(told).toMatchObject({ code: 'HYG-2001', kind: 'FlowError', title: 'Another run holds the entity' });
    expect(Object.keys(told)).toEqual(expect.arrayContaining(['meaning', 'why', 'tryThis', 'example']));
  });

  test('offers the neighbours of a code that is not there', async () => {
    const { code, err } = await explained('HYG-2099');
    expect(code).toBe(2);
    expect(err).toContain('There is no error code HYG-2099.');
    expect(err).toContain('HYG-2001');
  });
});
