#!/usr/bin/env node
// The program. JavaScript, because what strips the types need not be loaded when all of the rest is in the cache: the
// process is ready sooner, and rests on about 15 MB less.
import { enableCompileCache } from 'node:module'

enableCompileCache()
await import('../src/main.ts')
