import type { FastifyReply, FastifyRequest } from 'fastify'
import { Value } from 'typebox/value'
import { contentTypeOf } from '../../../../domain/content-type.ts'
import type { Conversion } from '../../../../domain/conversion.ts'
import { AppError } from '../../../../domain/errors.ts'
import { parseWebhookUrl } from '../../../../domain/webhook.ts'
import { parseWish, type WishInput } from '../../../../domain/wish/wish.ts'
import { whoAsks } from '../../../../http/guard.ts'
import type { Server } from '../../../../http/server.ts'
import { fileFor, notExpired } from '../../access.ts'
import type { Admission } from '../../admission/admission.ts'
import { brokerOf, type GatewayParts } from '../../parts.ts'
import { ConversionBody, ConversionShape } from '../../shapes.ts'
import { showConversion } from '../../show.ts'
import { conversionOf, keepUpload } from '../../upload/keep-upload.ts'
import { receiveMultipart } from '../../upload/receive-multipart.ts'
import { demandRoom } from '../../upload/room.ts'
import { wakeConverter } from '../../wake-converter.ts'

/** `POST /v1/conversions`: of a file sent along as a form, or of one that is there. */
export function createConversionRoute(app: Server, parts: GatewayParts, admission: Admission): void {
  const onRequest = async (request: FastifyRequest, reply: FastifyReply) => {
    await admission.toQueue(request)
    if (isForm(request)) await admission.toUpload(request, reply)
  }
  const schema = {
    body: { content: { 'application/json': { schema: ConversionBody } } },
    response: { 202: ConversionShape },
  }
  app.post('/conversions', { onRequest, schema, config: { streams: true } }, async (request, reply) => {
    brokerOf(parts)
    const conversion = request.isMultipart() ? await fromForm(request, parts) : await fromFile(request, parts)
    reply.code(202).header('location', `/v1/conversions/${conversion.id}`)
    return reply.send(await showConversion(conversion, parts))
  })
}

/** By its header: no body is parsed yet. */
const isForm = ({ headers }: FastifyRequest) =>
  contentTypeOf(headers['content-type']).startsWith('multipart/')

async function fromForm(request: FastifyRequest, parts: GatewayParts): Promise<Conversion> {
  await using form = await receiveMultipart(request, parts)
  const wish = parseWish(Object.fromEntries(form.fields))
  const webhook = webhookIn(form.fields.get('webhook'))
  const { conversion } = await keepUpload(request, form.file, { wish, webhook }, parts)
  if (!conversion) throw new AppError('INTERNAL')
  return conversion
}

async function fromFile(request: FastifyRequest, parts: GatewayParts): Promise<Conversion> {
  const { library, now } = parts
  const { body } = request
  // The schema has been checked where the body was JSON; without a body there was nothing to check.
  if (!Value.Check(ConversionBody, body)) throw new AppError('ONE_FILE_REQUIRED')
  const { fileId, webhook, ...given } = body
  const wanted = { wish: parseWish(given satisfies WishInput), webhook: webhookIn(webhook) }
  const file = notExpired(await fileFor(whoAsks(request), fileId, library), now())
  if (file.kind !== 'source') {
    const errors = [{ field: 'fileId', text: 'is a result; only an uploaded file can be converted' }]
    throw new AppError('REQUEST_INVALID', undefined, { errors })
  }
  await demandRoom(request, parts)
  const conversion = await library.addConversion(conversionOf(request, file.id, wanted, now()))
  wakeConverter(request, conversion, parts)
  return conversion
}

/** Empty counts as none, as a form sends it; WEBHOOK_URL_INVALID. */
function webhookIn(text: string | undefined): string | undefined {
  return text ? parseWebhookUrl(text).href : undefined
}
