import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { behaviorWith, parseBehavior, switches } from './behavior.ts';

test('the defaults are the pessimistic sides', () => {
  const behavior = behaviorWith();
  assert.is(behavior.existingTag, 'kept');
  assert.is(behavior.retagTouchesUpdateTime, false);
  assert.is(behavior.indexDeleteTakesChildren, false);
  assert.is(behavior.operationsList, 'unimplemented');
  for (const { about } of Object.values(switches)) assert.ok(about.length > 10);
});

test('settings are read by kind', () => {
  assert.equal(
    parseBehavior(['existingTag=moved', 'retagTouchesUpdateTime=true', 'copyVersionsPerSecond=0.5']),
    { existingTag: 'moved', retagTouchesUpdateTime: true, copyVersionsPerSecond: 0.5 },
  );
});

test('what is wrong is named, with what would be right', () => {
  const cases: [string, RegExp][] = [
    ['exisitngTag=moved', /no behavior 'exisitngTag' \(did you mean 'existingTag'\?\)/],
    ['toString=1', /no behavior 'toString'/],
    ['existingTag=x', /one of kept, moved, not 'x'/],
    ['retagTouchesUpdateTime', /one of false, true, not ''/],
    ['copyVersionsPerSecond=fast', /a number of at least 0.001, not 'fast'/],
    ['copyVersionsPerSecond=0', /at least 0.001/],
    ['copyStartSeconds=-1', /at least 0/],
  ];
  for (const [setting, expected] of cases) assert.throws(() => parseBehavior([setting]), expected);
});

test.run();
