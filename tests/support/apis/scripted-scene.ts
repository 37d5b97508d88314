import { afterEach, beforeEach } from 'vitest';
import { quickWaitsInEachTest } from '../quick-waits.ts';
import { TestWorkspace } from '../workspace.ts';
import { type ScriptedApi, scriptedApi } from './scripted-api.ts';

/** An API and a workspace, made anew for each test of a file. Short waits, as before another attempt, pass at once. */
export interface ScriptedScene {
  api: ScriptedApi;
  workspace: TestWorkspace;
}

export function scriptedScene(): ScriptedScene {
  const scene = {} as ScriptedScene;
  quickWaitsInEachTest();
  beforeEach(async () => {
    scene.api = await scriptedApi();
    scene.workspace = new TestWorkspace();
  });
  afterEach(async () => {
    scene.workspace[Symbol.dispose]();
    await scene.api[Symbol.asyncDispose]();
  });
  return scene;
}
