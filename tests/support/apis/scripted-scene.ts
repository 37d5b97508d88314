import { afterEach, beforeEach } from 'vitest';
import { quickWaits } from '../quick-waits.ts';
import { TestWorkspace } from '../workspace.ts';
import { type ScriptedApi, scriptedApi } from './scripted-api.ts';

/** An API and a workspace, made anew for each test of a file. Short waits, as before another attempt, pass at once. */
export interface ScriptedScene {
  api: ScriptedApi;
  workspace: TestWorkspace;
}

export function scriptedScene(): ScriptedScene {
  const scene = {} as ScriptedScene;
  let waits: Disposable;
  beforeEach(async () => {
    waits = quickWaits();
    scene.api = await scriptedApi();
    scene.workspace = new TestWorkspace();
  });
  afterEach(async () => {
    scene.workspace[Symbol.dispose]();
    await scene.api[Symbol.asyncDispose]();
    waits[Symbol.dispose]();
  });
  return scene;
}
