/** What became of the things of another program: taken, there already, or not to be taken. */
export type Imported = Readonly<Record<Fate, number>>
export type Fate = 'imported' | 'there' | 'refused'

/** Counts of several imports together. */
export function sum(...counts: readonly Imported[]): Imported {
  const of = (fate: Fate) => counts.reduce((total, each) => total + each[fate], 0)
  return { imported: of('imported'), there: of('there'), refused: of('refused') }
}
