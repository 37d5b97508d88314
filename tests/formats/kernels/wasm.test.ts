import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Code, i32, i64, Label, select, WasmBuilder, when, whilst } from '../../../src/formats/kernels/wasm.ts';
import { SEED } from '../../support/samples.ts';

interface Host {
  readonly Memory: new (of: { readonly initial: number }) => object;
  readonly Module: new (code: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, (...of: never[]) => unknown>> };
}

function compiled(module: WasmBuilder): Readonly<Record<string, (...of: never[]) => unknown>> {
  const host = (globalThis as unknown as { readonly WebAssembly: Host }).WebAssembly;
  return new host.Instance(new host.Module(module.bytes()), { host: { memory: new host.Memory({ initial: 1 }) } }).exports;
}

test('constants of any size arrive', () => {
  const values = [0, 1, -1, 63, 64, 127, 128, -64, -65, 2 ** 31 - 1, -(2 ** 31)];
  const longs = [0n, -1n, 63n, 64n, 2n ** 63n - 1n, -(2n ** 63n), 0xdeadbeefcafen];
  const module = new WasmBuilder();
  for (const [i, value] of values.entries()) module.define({ name: `v${i}`, parameters: [], result: 'i32' }, () => [i32.add(value, 0)]);
  for (const [i, value] of longs.entries()) module.define({ name: `l${i}`, parameters: [], result: 'i64' }, () => [i64.const(value)]);
  const functions = compiled(module);
  expect(values.map((_, i) => functions[`v${i}`]?.())).toEqual(values);
  expect(longs.map((_, i) => functions[`l${i}`]?.())).toEqual(longs);
});

test('a loop in a loop is left from the inside, whatever stands around it', () => {
  const module = new WasmBuilder();
  // The first pair of factors of n, both at least 2: the smaller one, or 0.
  module.define({ name: 'factor', parameters: ['i32'], result: 'i32' }, ([n], local) => {
    const [a, b, found] = [local(), local(), local()];
    const out = new Label();
    const isFound: Code = i32.eq(i32.mul(a, b), n);
    return [
      a.set(i32.add(2, 0)),
      out.around(
        whilst(
          i32.ltU(a, n),
          b.set(a.get),
          whilst(i32.leU(i32.mul(a, b), n), when(isFound, [found.set(a.get), out.leave()]), b.set(i32.add(b, 1))),
          a.set(i32.add(a, 1)),
        ),
      ),
      found.get,
    ];
  });
  const factor = compiled(module).factor as (n: number) => number;
  expect([7, 15, 49, 64, 97].map(factor)).toEqual([0, 3, 7, 2, 0]);
});

test('functions call each other, and choose', () => {
  const module = new WasmBuilder();
  const larger = module.define({ name: 'larger', parameters: ['i32', 'i32'], result: 'i32' }, ([a, b]) => [select(i32.gtS(a, b), a, b)]);
  module.define({ name: 'largest', parameters: ['i32', 'i32', 'i32'], result: 'i32' }, ([a, b, c]) => [larger(a, larger(b, c))]);
  const largest = compiled(module).largest as (...of: number[]) => number;
  fc.assert(
    fc.property(fc.integer(), fc.integer(), fc.integer(), (...of) => largest(...of) === Math.max(...of)),
    { seed: SEED },
  );
});
