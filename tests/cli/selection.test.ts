import { describe, expect, it } from 'vitest';
import { select, selectOne, splitName } from '../../src/cli/select/selection.ts';
import { type EntitySpec, entityDefaults, schemaDefaults } from '../../src/engine/contracts/spec.ts';
import { HyggeError } from '../../src/errors/hygge-error.ts';

function spec(flow: string, entity: string): EntitySpec {
  const where = { file: 'flow.yml', line: 1, column: 1 };
  return {
    ...entityDefaults,
    workspace: 'w',
    root: '/w',
    flow,
    entity,
    home: { type: 'local', config: {} },
    store: { type: 'local', config: {} },
    runType: 'full_drop',
    ifExists: 'fail',
    writeStrategy: null,
    watermark: null,
    onEmpty: 'replace',
    onShrink: 'warn',
    changedFiles: 'fail',
    schema: schemaDefaults,
    keepMs: 1,
    schedule: null,
    ...{ where, homeWhere: where, watermarkWhere: where },
  };
}

const flows = [
  { name: 'crm', entities: [spec('crm', 'users'), spec('crm', 'orders'), spec('crm', 'v1.2'), spec('crm', 'a,b')] },
  { name: 'sales', entities: [spec('sales', 'leads')] },
];

function names(filter: Parameters<typeof select>[1]): readonly string[] {
  return select(flows, filter).map((one) => `${one.flow}.${one.entity}`);
}

function refusal(filter: Parameters<typeof select>[1]): HyggeError {
  try {
    select(flows, filter);
  } catch (error) {
    if (error instanceof HyggeError) return error;
  }
  throw new Error('it was accepted');
}

/** A command line, as a shell and hygge would read it. */
function read(line: string): Parameters<typeof select>[1] {
  const words = line.split(' ').map((word) => word.replaceAll("'", ''));
  const after = (option: string) => words.filter((_, at) => words[at - 1] === option);
  const plain = words.filter((word, at) => !word.startsWith('-') && !words[at - 1]?.startsWith('-'));
  return { flow: after('-f'), entity: after('-e'), names: plain };
}

describe('choosing what to run', () => {
  it('takes everything without a filter', () => {
    expect(names({})).toHaveLength(5);
  });

  it.each([
    [{ flow: ['sales'] }, ['sales.leads']],
    [{ flow: ['sales,crm'] }, ['crm.users', 'crm.orders', 'crm.v1.2', 'crm.a,b', 'sales.leads']],
    [{ flow: ['crm'], entity: ['crm.users'] }, ['crm.users']],
    [{ flow: ['crm,sales'], entity: ['crm.users,sales.leads'] }, ['crm.users', 'sales.leads']],
    [{ flow: ['*'], entity: ['*.*s'] }, ['crm.users', 'crm.orders', 'sales.leads']],
    [{ flow: ['c*'], entity: ['*.*s'], exclude: ['crm.orders'] }, ['crm.users']],
    [{ names: ['crm'], entity: ['crm.users'] }, ['crm.users']],
    [{ names: ['crm.*s', 'crm.a,b'], flow: ['c*'], entity: ['crm.?rders', 'crm.a,b'] }, ['crm.orders', 'crm.a,b']],
    [{ entity: ['crm.orders', 'crm.users'] }, ['crm.users', 'crm.orders']],
    [{ entity: ['crm.orders,sales.leads'] }, ['crm.orders', 'sales.leads']],
    [{ entity: ['crm.v1.2'] }, ['crm.v1.2']],
    [{ flow: ['c?m,s*'], exclude: ['crm.*'] }, ['sales.leads']],
    [{ entity: ['crm.*s'] }, ['crm.users', 'crm.orders']],
    [{ entity: ['*.?rders,*.leads'] }, ['crm.orders', 'sales.leads']],
    [{ names: ['sales', 'crm.users'] }, ['crm.users', 'sales.leads']],
    [{ names: ['*'], exclude: ['crm.users', 'sales'] }, ['crm.orders', 'crm.v1.2', 'crm.a,b']],
    [{ exclude: ['crm.a,b', 'crm.v*'] }, ['crm.users', 'crm.orders', 'sales.leads']],
    [{ flow: ['crm'], only: ({ entity }: { entity: string }) => entity === 'orders' }, ['crm.orders']],
  ])('%j', (filter, expected) => {
    expect(names(filter)).toEqual(expected);
  });

  it('takes a name that is there as it is written for itself, and for a pattern only else', () => {
    const odd = [{ name: 'odd', entities: [spec('odd', 'a*'), spec('odd', 'ab'), spec('odd', 'a?')] }];
    const chosen = (entity: string) => select(odd, { entity: [entity] }).map((one) => one.entity);
    expect([chosen('odd.a*'), chosen('odd.a?'), chosen('odd.a**')]).toEqual([['a*'], ['a?'], ['a*', 'ab', 'a?']]);
  });

  it.each([
    [{ flow: ['sl*'] }, 'No flow matches "sl*".', 'Near it: sales'],
    [{ names: ['crn'] }, 'There is no flow crn.', 'Did you mean crm?'],
    [{ names: ['leads'] }, 'There is no flow leads.', 'The entity: sales.leads'],
    [{ entity: ['crm.usr*'] }, 'No entity matches crm."usr*".', 'Near it: users'],
    [{ entity: ['x*.users'] }, 'No flow matches "x*".', 'See all: hygge list flows'],
    [{ exclude: ['crm.user'] }, 'The flow crm has no entity user.', 'Did you mean crm.users?'],
    [{ flow: ['sales'], exclude: ['sales.*'] }, '--exclude leaves nothing to do.', 'Leave out less, or name more'],
  ])('%j is an error that names what is near', (filter, what, first) => {
    const error = refusal(filter);
    expect(error.what).toBe(what);
    expect(error.tryThis[0]).toBe(first);
  });

  it.each([
    [{ flow: ['sales'], entity: ['crm.users'] }, "-e 'sales.*' -e crm.users", ['crm.users', 'sales.leads'], null, null],
    [
      { flow: ['sales,crm'], entity: ['crm.users'] },
      "-e 'sales.*' -e 'crm.*' -e crm.users",
      ['crm.users', 'crm.orders', 'crm.v1.2', 'crm.a,b', 'sales.leads'],
      '-f crm -e crm.users',
      ['crm.users'],
    ],
    [{ flow: ['crm'], entity: ['crm.v*', 'sales.*'] }, "-e 'crm.*' -e 'crm.v*' -e 'sales.*'", null, "-f crm -e 'crm.v*'", ['crm.v1.2']],
    [{ names: ['sales'], flow: ['crm'] }, "-e 'crm.*' -e 'sales.*'", null, null, null],
    [{ names: ['sales', 'crm'], entity: ['crm.a,b'] }, "-e crm.a,b -e 'sales.*' -e 'crm.*'", null, '-e crm.a,b crm', ['crm.a,b']],
  ])('%j is an error where a name takes no part; each of its remedies can be run', (filter, any, anyOf, all, allOf) => {
    const error = refusal(filter);
    expect(error.code).toBe('HYG-1901');
    expect(error.tryThis).toEqual([
      `To select what any option names: ${any}`,
      ...(all === null ? [] : [`To select only what all options name: ${all}`]),
    ]);
    expect(names(read(any))).toEqual(anyOf ?? names({}));
    if (all !== null) expect(names(read(all))).toEqual(allOf);
  });

  it('splits at the first dot', () => {
    expect(splitName('crm.v1.2')).toEqual({ flow: 'crm', entity: 'v1.2' });
  });

  it('lists what there is, and what was probably meant, when nothing matches', () => {
    const flow = refusal({ flow: ['cmr'] });
    expect(flow.code).toBe('HYG-1902');
    expect(flow.why).toEqual(['There is: crm, sales']);
    expect(flow.tryThis[0]).toBe('Did you mean crm?');
    const entity = refusal({ entity: ['crm.user'] });
    expect(entity.why).toEqual(['It has: users, orders, v1.2, "a,b"']);
    expect(entity.tryThis[0]).toBe('Did you mean crm.users?');
  });

  it('says what was meant by a name without a dot: its entity, or the whole flow where flows can be chosen', () => {
    expect(refusal({ entity: ['users'] }).tryThis[0]).toBe('Did you mean crm.users?');
    expect(refusal({ entity: ['crm'] }).tryThis[0]).toBe('The whole flow: -f crm');
    expect(() => selectOne(flows, 'crm')).toThrow(
      expect.objectContaining({ tryThis: expect.not.arrayContaining(['The whole flow: -f crm']) }),
    );
  });

  it.each(['users', '.users', 'crm.', ''])('refuses %j, which is not flow.entity', (name) => {
    expect(() => selectOne(flows, name)).toThrow(/is not of the form flow\.entity/);
  });

  it('names a workspace without flows as such', () => {
    expect(() => select([], { flow: ['x'] })).toThrow(/no flow x/);
  });
});
