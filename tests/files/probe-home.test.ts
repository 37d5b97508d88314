import { expect, test } from 'vitest';
import { HomeError } from '../../src/errors/hygge-error.ts';
import { probeHome } from '../../src/files/connectors/open.ts';

test('debug says why a source can not be read, with what to try', async () => {
  const said = { what: 'It is gone.', why: ['No folder.'], tryThis: ['Make it'] };
  expect(await probeHome(() => Promise.reject(new HomeError({ code: 'HYG-3001', ...said })))).toEqual([{ ok: false, ...said }]);
});

test('a defect is no finding of debug', async () => {
  await expect(probeHome(() => Promise.reject(new TypeError('undefined')))).rejects.toThrow('undefined');
});
