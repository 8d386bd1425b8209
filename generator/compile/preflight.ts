/** `preflight` and `read_repository`: what must hold before a copy is asked for. */
import { ex } from '../expression/parse.ts';
import type { Expression } from '../expression/tree.ts';
import { assign, attempt, call, check, choose, give, routine, when } from '../workflow/build.ts';
import type { Routine, Switch } from '../workflow/steps.ts';
import { answerOf, callApi } from './endpoints.ts';
import { fail, retryRead } from './errors.ts';

const standard = 'STANDARD_REPOSITORY';

export function readRepository(): Routine {
  return routine(
    'read_repository',
    ['name', 'role'],
    'Format and mode of a repository; an error that names what is missing where it cannot be read.',
    [
      attempt('get', [callApi('get_repository', 'getRepository', ex`name`, 'answer')], {
        retry: retryRead,
        except: [
          call('describe', 'describe_error', { error: ex`error` }, 'why'),
          assign('read_code', { code: 0 }),
          check(
            'http_error',
            ex`get_type(error) == "map"`,
            assign('take_code', { code: ex`map.get(error, "code")` }),
          ),
          choose(
            'explain',
            when(
              ex`code == 404`,
              fail(
                'no_repository',
                ex`"there is no repository " + name + ": create it, or correct the config. " + why`,
              ),
            ),
            when(
              ex`code == 403`,
              fail(
                'no_permission',
                ex`"may not read " + name + ": grant " + role + " on it to the workflow's service account, or see whether it exists. " + why`,
              ),
            ),
          ),
          fail('unreadable', ex`"cannot read " + name + ": " + why`),
        ],
      }),
      give('facts', {
        name: ex`name`,
        format: ex`default(map.get(${answerOf('getRepository', ex`answer`)}, "format"), "FORMAT_UNSPECIFIED")`,
        // Repositories from before modes carry none.
        mode: ex`default(map.get(${answerOf('getRepository', ex`answer`)}, "mode"), ${standard})`,
      }),
    ],
  );
}

export function preflight(): Routine {
  return routine(
    'preflight',
    ['source', 'destination'],
    'Both repositories exist and can be read, are of one format, and hold their artifacts themselves.',
    [
      call(
        'read_leader',
        'read_repository',
        { name: ex`source`, role: 'roles/artifactregistry.reader' },
        'leader',
      ),
      call(
        'read_follower',
        'read_repository',
        { name: ex`destination`, role: 'roles/artifactregistry.writer' },
        'follower',
      ),
      check(
        'same_format',
        ex`leader.format != follower.format`,
        fail(
          'formats_differ',
          ex`"the formats differ: " + source + " is " + leader.format + ", " + destination + " is " + follower.format`,
        ),
      ),
      mustBeStandard('leader', ex`leader`),
      mustBeStandard('follower', ex`follower`),
      give('fit', true),
    ],
  );
}

function mustBeStandard(which: string, repository: Expression): Switch {
  return check(
    `${which}_is_standard`,
    ex`${repository}.mode != ${standard}`,
    fail(
      `${which}_not_standard`,
      ex`${repository}.name + " is a " + ${repository}.mode + ${`; only a ${standard} can be copied from and to`}`,
    ),
  );
}
