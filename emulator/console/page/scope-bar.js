// @ts-check
/** Says that graph and list show one branch, iteration or call alone, and leads back. */
import { explanation } from './destinations.js';
import { fill, h } from './dom.js';
import { repositoryText, withShortNames } from './format.js';

/** @param {() => void} leave shows everything again */
export function scopeBar(leave) {
  const element = h('p', { class: 'scope', hidden: true });
  return {
    element,
    /**
     * @param {import('./api.js').StepRow | undefined} scope
     * @param {import('./api.js').Destination | undefined} destination whose steps they are
     */
    update(scope, destination) {
      element.hidden = !scope;
      if (!scope) return;
      const number = scope.progress ? ` ${scope.progress.number}` : '';
      fill(
        element,
        'Only ',
        h('strong', {}, destination ? repositoryText(destination.name) : `${scope.step}${number}`),
        ' is shown. ',
        destination?.error === undefined
          ? null
          : h('span', { class: 'tone-failure' }, `${withShortNames(explanation(destination))} `),
        h(
          'button',
          {
            type: 'button',
            class: 'plain',
            onclick: () => {
              // This button goes away, and the focus would go with it.
              /** @type {HTMLElement | null | undefined} */ (
                element.parentElement?.querySelector('.graph-frame')
              )?.focus({ preventScroll: true });
              leave();
            },
          },
          'Show everything',
        ),
      );
    },
  };
}
