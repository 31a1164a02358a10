export const HTML = 'text/html; charset=utf-8'

/** A page of a few lines. `content` is HTML of ours. */
export const page = (content: string) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Soundlift</title><h1>Soundlift</h1>${content}</html>\n`
