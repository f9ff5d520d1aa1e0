package io.farblock.blockdev.nbd;

/**
 * The numbers of the protocol, all big-endian on the wire.
 *
 * <pre>
 *   request     0x25609513  flags:16  type:16  cookie:64  offset:64  length:32  [payload of a write]
 *   reply       0x67446698  error:32  cookie:64                                 [payload of a read]
 *   chunk       0x668e33ef  flags:16  type:16  cookie:64  length:32  payload
 *   option      IHAVEOPT:64  option:32  length:32  data
 *   its reply   0x0003e889045565a9:64  option:32  type:32  length:32  data
 * </pre>
 */
final class Protocol
{
    static final long INIT_MAGIC = 0x4e42444d41474943L;
    static final long OPTION_MAGIC = 0x49484156454f5054L;
    static final long OPTION_REPLY_MAGIC = 0x0003e889045565a9L;
    static final int REQUEST_MAGIC = 0x25609513;
    static final int SIMPLE_REPLY_MAGIC = 0x67446698;
    static final int CHUNK_MAGIC = 0x668e33ef;

    static final int GREETING_BYTES = 18;
    static final int OPTION_HEADER_BYTES = 16;
    static final int OPTION_REPLY_HEADER_BYTES = 20;
    static final int REQUEST_BYTES = 28;
    static final int SIMPLE_REPLY_BYTES = 16;
    static final int CHUNK_HEADER_BYTES = 20;
    /** After the old way into an export: what clients that do not waive it still expect. */
    static final int EXPORT_NAME_PADDING_BYTES = 124;

    static final int HANDSHAKE_FIXED_NEWSTYLE = 1;
    static final int HANDSHAKE_NO_ZEROES = 1 << 1;

    static final int OPT_EXPORT_NAME = 1;
    static final int OPT_ABORT = 2;
    static final int OPT_LIST = 3;
    static final int OPT_INFO = 6;
    static final int OPT_GO = 7;
    static final int OPT_STRUCTURED_REPLY = 8;
    static final int OPT_LIST_META_CONTEXT = 9;
    static final int OPT_SET_META_CONTEXT = 10;

    static final int REP_ACK = 1;
    static final int REP_SERVER = 2;
    static final int REP_INFO = 3;
    static final int REP_META_CONTEXT = 4;
    private static final int REP_ERROR = 1 << 31;
    static final int REP_ERR_UNSUP = REP_ERROR | 1;
    static final int REP_ERR_POLICY = REP_ERROR | 2;
    static final int REP_ERR_INVALID = REP_ERROR | 3;
    static final int REP_ERR_TLS_REQD = REP_ERROR | 5;
    static final int REP_ERR_UNKNOWN = REP_ERROR | 6;

    static final int INFO_EXPORT = 0;
    static final int INFO_NAME = 1;
    static final int INFO_DESCRIPTION = 2;
    static final int INFO_BLOCK_SIZE = 3;

    static final int FLAG_HAS_FLAGS = 1;
    static final int FLAG_READ_ONLY = 1 << 1;
    static final int FLAG_SEND_FLUSH = 1 << 2;
    static final int FLAG_SEND_FUA = 1 << 3;
    static final int FLAG_SEND_TRIM = 1 << 5;
    static final int FLAG_SEND_WRITE_ZEROES = 1 << 6;
    static final int FLAG_SEND_DF = 1 << 7;
    static final int FLAG_CAN_MULTI_CONN = 1 << 8;

    static final int CMD_READ = 0;
    static final int CMD_WRITE = 1;
    static final int CMD_DISC = 2;
    static final int CMD_FLUSH = 3;
    static final int CMD_TRIM = 4;
    static final int CMD_WRITE_ZEROES = 6;
    static final int CMD_BLOCK_STATUS = 7;

    static final int CMD_FLAG_FUA = 1;
    static final int CMD_FLAG_NO_HOLE = 1 << 1;
    static final int CMD_FLAG_DF = 1 << 2;
    static final int CMD_FLAG_REQ_ONE = 1 << 3;

    static final int CHUNK_FLAG_DONE = 1;
    static final int CHUNK_NONE = 0;
    static final int CHUNK_OFFSET_DATA = 1;
    static final int CHUNK_OFFSET_HOLE = 2;
    static final int CHUNK_BLOCK_STATUS = 5;
    /** Every type with this bit is an error, known or not. */
    static final int CHUNK_ERROR_BIT = 1 << 15;
    static final int CHUNK_ERROR = CHUNK_ERROR_BIT | 1;

    static final String BASE_ALLOCATION = "base:allocation";
    static final int STATE_HOLE = 1;
    static final int STATE_ZERO = 1 << 1;

    /** The protocol's longest string: export names, descriptions, context names. */
    static final int STRING_LIMIT_BYTES = 4096;
    /** What a client may rely on unless told otherwise, and the most that others ask for. */
    static final int PAYLOAD_LIMIT_BYTES = 32 * 1024 * 1024;

    private Protocol()
    {
    }

    static boolean isError(final int optionReplyType)
    {
        return (optionReplyType & REP_ERROR) != 0;
    }
}
