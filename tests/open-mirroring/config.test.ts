import { expect, test } from 'vitest';
import { asOneLake, tableOf } from '../../src/files/landing-zone/config.ts';

test.each([
  ['Files/LandingZone/orders', { schema: null, table: 'orders' }],
  ['Files/LandingZone/sales.schema/orders', { schema: 'sales', table: 'orders' }],
  ['Files/LandingZone/sales.schema', undefined],
  ['Files/LandingZone/orders/eu', undefined],
  ['Files/LandingZone/sales.schema/orders/eu', undefined],
  ['Files/LandingZone', undefined],
  ['Files/orders', undefined],
])('the table in %s', (path, table) => {
  expect(tableOf(path)).toEqual(table);
});

test.each([
  ['mirror', 'mirror.MirroredDatabase'],
  ['mirror.MirroredDatabase', 'mirror.MirroredDatabase'],
  ['my.mirror', 'my.mirror.MirroredDatabase'],
  ['88888888-8888-4888-8888-888888888888', '88888888-8888-4888-8888-888888888888'],
])('the item of OneLake that mirror_name %s means', (mirror_name, item) => {
  expect(asOneLake({ mirror_name }).item).toBe(item);
});
