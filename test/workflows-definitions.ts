/**
 * Twenty workflows of our own, one for each thing that the language has, with what they give. Each names the page
 * that it was written from, below https://cloud.google.com/workflows/docs/reference/.
 */

export interface Definition {
  readonly name: string;
  readonly page: string;
  readonly source: string;
  readonly argument?: unknown;
  /** What is returned, or with `fails` the error's payload. */
  readonly gives: unknown;
  readonly fails?: true;
}

export const definitions: readonly Definition[] = [
  {
    name: 'assign',
    page: 'syntax/variables',
    source:
      '- a:\n    assign:\n      - list: [1, 2]\n      - list[1]: ${list[0] + 4}\n      - map: {}\n      - map.key: x\n      - map["other key"]: ${list}\n- b:\n    return: ${map}\n',
    gives: { key: 'x', 'other key': [1, 5] },
  },
  {
    name: 'arguments',
    page: 'syntax/runtime-args',
    source: 'main:\n  params: [args]\n  steps:\n    - a:\n        return: ${"Hello " + args.name}\n',
    argument: { name: 'Ada' },
    gives: 'Hello Ada',
  },
  {
    name: 'expressions',
    page: 'syntax/expressions',
    source:
      '- a:\n    return:\n      - ${7 // 2 + 7 % 4 * 2 - -1}\n      - ${7 / 2}\n      - ${not (1 > 2) and "a" in ["a"] or false}\n      - ${"a" + 1 + true}\n      - ${-(2 - (3 - 4))}\n',
    gives: [10, 3.5, true, 'a1true', -3],
  },
  {
    name: 'switch',
    page: 'syntax/conditions',
    source:
      'main:\n  params: [n]\n  steps:\n    - a:\n        switch:\n          - condition: ${n < 10}\n            next: small\n          - condition: ${n < 100}\n            steps:\n              - b:\n                  return: medium\n        next: large\n    - small:\n        return: small\n    - large:\n        return: large\n',
    argument: 42,
    gives: 'medium',
  },
  {
    name: 'jumps',
    page: 'syntax/jumps',
    source:
      '- a:\n    assign:\n      - n: 0\n- again:\n    assign:\n      - n: ${n + 1}\n- check:\n    switch:\n      - condition: ${n < 5}\n        next: again\n- done:\n    return: ${n}\n',
    gives: 5,
  },
  {
    name: 'for-list',
    page: 'syntax/iteration',
    source:
      '- a:\n    assign:\n      - out: []\n- b:\n    for:\n      value: v\n      index: i\n      in: [a, b, c, d]\n      steps:\n        - c:\n            switch:\n              - condition: ${v == "b"}\n                next: continue\n              - condition: ${i == 3}\n                next: break\n        - d:\n            assign:\n              - out: ${list.concat(out, v)}\n- e:\n    return: ${out}\n',
    gives: ['a', 'c'],
  },
  {
    name: 'for-range',
    page: 'syntax/iteration',
    source:
      '- a:\n    assign:\n      - sum: 0\n- b:\n    for:\n      value: v\n      range: [1, 9]\n      steps:\n        - c:\n            assign:\n              - sum: ${sum + v}\n- d:\n    return: ${sum}\n',
    gives: 45,
  },
  {
    name: 'for-map',
    page: 'syntax/iteration',
    source:
      '- a:\n    assign:\n      - map: {x: 1, y: 2}\n      - sum: 0\n- b:\n    for:\n      value: key\n      in: ${keys(map)}\n      steps:\n        - c:\n            assign:\n              - sum: ${sum + map[key]}\n- d:\n    return: ${sum}\n',
    gives: 3,
  },
  {
    name: 'subworkflow',
    page: 'syntax/subworkflows',
    source:
      'main:\n  steps:\n    - a:\n        call: greet\n        args: {first: Ada}\n        result: one\n    - b:\n        return: ${[one, greet("Bob", "Roe")]}\ngreet:\n  params: [first, last: Lovelace]\n  steps:\n    - a:\n        return: ${first + " " + last}\n',
    gives: ['Ada Lovelace', 'Bob Roe'],
  },
  {
    name: 'parallel-branches',
    page: 'syntax/parallel-steps',
    source:
      '- a:\n    assign:\n      - x: 0\n      - y: 0\n- b:\n    parallel:\n      shared: [x, y]\n      branches:\n        - one:\n            steps:\n              - c:\n                  call: sys.sleep\n                  args: {seconds: 2}\n              - d:\n                  assign:\n                    - x: 1\n        - two:\n            steps:\n              - e:\n                  assign:\n                    - y: 2\n- f:\n    return: ${[x, y]}\n',
    gives: [1, 2],
  },
  {
    name: 'parallel-for',
    page: 'syntax/parallel-steps',
    source:
      '- a:\n    assign:\n      - out: {}\n- b:\n    parallel:\n      shared: [out]\n      concurrency_limit: 2\n      for:\n        value: v\n        in: [a, b, c]\n        steps:\n          - c:\n              assign:\n                - out[v]: ${text.to_upper(v)}\n- d:\n    return: ${out}\n',
    gives: { a: 'A', b: 'B', c: 'C' },
  },
  {
    name: 'except',
    page: 'syntax/catching-errors',
    source:
      '- a:\n    try:\n      steps:\n        - b:\n            raise: {code: 7, message: no}\n    except:\n      as: e\n      steps:\n        - c:\n            return: ${e.code}\n',
    gives: 7,
  },
  {
    name: 'retry',
    page: 'syntax/retrying',
    source:
      'main:\n  steps:\n    - a:\n        assign:\n          - n: 0\n    - b:\n        try:\n          steps:\n            - c:\n                assign:\n                  - n: ${n + 1}\n            - d:\n                switch:\n                  - condition: ${n < 3}\n                    raise: again\n        retry:\n          predicate: ${is_again}\n          max_retries: 5\n          backoff: {initial_delay: 0.1, max_delay: 1, multiplier: 2}\n    - e:\n        return: ${n}\nis_again:\n  params: [e]\n  steps:\n    - a:\n        return: ${e == "again"}\n',
    gives: 3,
  },
  {
    name: 'raise',
    page: 'syntax/raising-errors',
    source: '- a:\n    raise:\n      code: 55\n      message: Something went wrong.\n',
    gives: { code: 55, message: 'Something went wrong.' },
    fails: true,
  },
  {
    name: 'steps',
    page: 'syntax/steps',
    source:
      '- a:\n    steps:\n      - b:\n          assign:\n            - x: 1\n      - c:\n          assign:\n            - x: ${x + 1}\n- d:\n    return: ${x}\n',
    gives: 2,
  },
  {
    name: 'error-tags',
    page: 'syntax/error-types',
    source:
      '- a:\n    assign:\n      - out: []\n- b:\n    for:\n      value: v\n      in: [0, 1, 2, 3]\n      steps:\n        - c:\n            try:\n              switch:\n                - condition: ${v == 0}\n                  return: ${1 / 0}\n                - condition: ${v == 1}\n                  return: ${[1][5]}\n                - condition: ${v == 2}\n                  return: ${json.decode("{}").x}\n                - condition: ${v == 3}\n                  return: ${"a" - 1}\n            except:\n              as: e\n              steps:\n                - d:\n                    assign:\n                      - out: ${list.concat(out, e.tags[0])}\n- e:\n    return: ${out}\n',
    gives: ['ZeroDivisionError', 'IndexError', 'KeyError', 'TypeError'],
  },
  {
    name: 'text',
    page: 'stdlib/text/find_all_regex',
    source:
      '- a:\n    return:\n      - ${text.split("a,b", ",")}\n      - ${text.replace_all_regex("x12y3", "[0-9]+", "#")}\n      - ${text.substring("Hello", 1, 3)}\n      - ${text.url_encode("a b/ü")}\n      - ${len(text.find_all("banana", "an"))}\n',
    gives: [['a', 'b'], 'x#y#', 'el', 'a%20b%2F%C3%BC', 2],
  },
  {
    name: 'json-and-bytes',
    page: 'stdlib/json/encode',
    source:
      '- a:\n    assign:\n      - packed: ${base64.encode(json.encode([1, 1.5, null]))}\n- b:\n    return: ${json.decode(base64.decode(packed))}\n',
    gives: [1, 1.5, null],
  },
  {
    name: 'maps',
    page: 'stdlib/map/get',
    source:
      '- a:\n    assign:\n      - m: {a: {b: 1}}\n- b:\n    return:\n      - ${map.get(m, ["a", "b"])}\n      - ${default(map.get(m, "x"), "none")}\n      - ${map.merge(m, json.decode("{\\"c\\":2}"))}\n      - ${keys(map.delete(m, "a"))}\n',
    gives: [1, 'none', { a: { b: 1 }, c: 2 }, []],
  },
  {
    name: 'environment',
    page: 'environment-variables',
    source:
      '- a:\n    return:\n      - ${sys.get_env("GOOGLE_CLOUD_WORKFLOW_ID")}\n      - ${sys.get_env("GOOGLE_CLOUD_LOCATION")}\n      - ${sys.get_env("NOT_THERE", "fallback")}\n',
    gives: ['environment', 'europe-west1', 'fallback'],
  },
];
