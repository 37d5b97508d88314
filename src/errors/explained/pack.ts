import type { packConfigCodes, packConnectionCodes, packDefectCodes } from '../pack-codes.ts';
import type { Explained } from './explained.ts';

/** How packing goes wrong, and what it looks like. */
export const packExplained = {
  'HYG-1941': {
    why: 'hygge was copied without its `dist` folder, or its sources do not compile at the moment.',
    example: {
      what: 'There is no built function app to pack.',
      why: ['dist/functions/app.mjs is not there.'],
      tryThis: ['Build it: npm run setup, in the folder of hygge'],
    },
  },
  'HYG-6311': {
    why: 'The machine that packs is no Linux on x64 and has no way to the package registry.',
    example: {
      what: 'The package nodejs-polars-linux-x64-gnu 0.26.1 cannot be fetched.',
      why: ['npm error code ENOTFOUND'],
      tryThis: [
        'Check the network, the proxy and the registry that npm uses: npm ping',
        'Or pack on Linux (x64) after npm ci: nothing is fetched there',
      ],
    },
  },
  'HYG-6312': {
    why: 'A mirror of the registry serves something else, or node_modules was copied from another machine.',
    example: {
      what: 'nodejs-polars-linux-x64-gnu 0.26.1 is not the package that package-lock.json names.',
      why: ['Its checksum is another.'],
      tryThis: ['Check the registry that npm uses, then pack again'],
    },
  },
  'HYG-9301': {
    why: 'A package that the app needs was left out of the zip.',
    example: {
      what: 'The packed app does not start.',
      why: ["Cannot find package 'nodejs-polars'"],
      tryThis: ['Report this with the lines above'],
    },
  },
} as const satisfies Explained<typeof packConfigCodes & typeof packConnectionCodes & typeof packDefectCodes>;
