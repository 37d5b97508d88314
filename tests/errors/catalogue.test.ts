import { expect, test } from 'vitest';
import { catalogue } from '../../src/errors/catalogue.ts';
import { configCodes } from '../../src/errors/config-codes.ts';

const rangeOf: Readonly<Record<string, string>> = {
  ConfigError: '1',
  FlowError: '2',
  HomeError: '3',
  StoreError: '4',
  StateError: '5',
  ConnectionError: '6',
  DefectError: '9',
};

test('every code is in the range of its kind, and is there once', () => {
  expect(catalogue.filter(({ code, kind }) => !new RegExp(`^HYG-${rangeOf[kind]}\\d{3}$`).test(code))).toEqual([]);
  expect(new Set(catalogue.map(({ code }) => code)).size).toBe(catalogue.length);
  expect(catalogue.length).toBeGreaterThan(30);
});

test('every code says what it means, in words', () => {
  expect(catalogue.filter(({ title, meaning }) => title.trim() === '' || !/[.!]$/.test(meaning))).toEqual([]);
});

test('every error of the config has a next step', () => {
  const all = Object.values<{ readonly tryThis: readonly string[] }>(configCodes);
  expect(all.filter(({ tryThis }) => tryThis.length === 0 || tryThis.some((step) => step.trim() === ''))).toEqual([]);
});
