import type { ConversionEvent, ToldEvent } from '../../../domain/event.ts'
import { isAboutConversion } from '../../../domain/event.ts'

/** The body of a webhook: what happened, when, and the conversion in the shape of /v1, as it was then. */
export function renderWebhook(event: ToldEvent): string {
  const data = isAboutConversion(event) ? conversionOf(event) : {}
  return JSON.stringify({ type: event.type, timestamp: time(event.createdAt), data })
}

function conversionOf({ conversion, ...event }: ConversionEvent) {
  const { wish, createdAt, startedAt, endedAt } = conversion ?? {}
  return {
    id: event.conversionId,
    state: conversion?.state ?? (event.result ? 'done' : 'failed'),
    progress: conversion?.progress,
    eta: null, // of what was, not of what is
    attempt: conversion?.attempt,
    wish: wish && { ...wish, bitrate: wish.bitrate ?? null, quality: wish.quality ?? null },
    source: { id: event.sourceId, name: event.sourceName, size: conversion?.sourceSize },
    result: event.result,
    partial: event.result !== null && event.warning !== null,
    warning: event.warning,
    failure: event.failure,
    createdAt: timeOrNull(createdAt),
    startedAt: timeOrNull(startedAt),
    endedAt: timeOrNull(endedAt),
  }
}

const time = (milliseconds: number) => new Date(milliseconds).toISOString()
/** Absent where an older event does not hold it. */
const timeOrNull = (milliseconds?: number | null) =>
  milliseconds === undefined || milliseconds === null ? milliseconds : time(milliseconds)
