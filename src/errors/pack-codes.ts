import type { Codes } from './codes.ts';

/** Packing the function app. */
export const packConfigCodes = {
  'HYG-1941': {
    title: 'There is no function app to pack',
    meaning: 'The function app is built with hygge itself, and this one came without it, or could not be built.',
    tryThis: ['Pack from a clone of hygge, after `npm run setup` there.'],
  },
} as const satisfies Codes;

/** Native packages that go into the package. */
export const packConnectionCodes = {
  'HYG-6311': {
    title: 'A native package cannot be fetched',
    meaning: 'The app runs on Linux, and its native part for Linux is not installed here, so npm has to fetch it.',
    tryThis: ['Check the network and the settings of npm, or pack on Linux (x64) after `npm ci`: nothing is fetched there.'],
  },
  'HYG-6312': {
    title: 'A native package is not the right one',
    meaning: 'What was fetched or is installed is not what package-lock.json names, or holds no program for Linux on x64 with glibc.',
    tryThis: ['Install again with `npm ci`, and pack again.'],
  },
} as const satisfies Codes;

/** A package that was made and does not work. */
export const packDefectCodes = {
  'HYG-9301': {
    title: 'The packed app does not start',
    meaning: 'The package was unpacked elsewhere and started as the platform does it, and that failed. No package was left behind.',
    tryThis: ['Report this with what the message says.'],
  },
} as const satisfies Codes;
