#include "conceptune/base/zstd_writer.h"

#include <zstd.h>

#include <string>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"

namespace conceptune {

struct ZstdWriter::State {
  AtomicFile file;
  ZSTD_CCtx* context = ZSTD_createCCtx();
  std::string out = std::string(ZSTD_CStreamOutSize(), '\0');

  explicit State(const std::filesystem::path& destination) : file(destination) {}
  ~State() { ZSTD_freeCCtx(context); }

  void compress(std::string_view bytes, ZSTD_EndDirective directive) {
    ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
    std::size_t left = 0;
    do {
      ZSTD_outBuffer output{out.data(), out.size(), 0};
      left = ZSTD_compressStream2(context, &output, &input, directive);
      if (ZSTD_isError(left)) throw SystemError("compressing", "zstd", ZSTD_getErrorName(left));
      file.write({out.data(), output.pos});
    } while (directive == ZSTD_e_end ? left != 0 : input.pos < input.size);
  }
};

ZstdWriter::ZstdWriter(const std::filesystem::path& destination, int level)
    : state_(std::make_unique<State>(destination)) {
  ZSTD_CCtx_setParameter(state_->context, ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(state_->context, ZSTD_c_checksumFlag, 1);
}
ZstdWriter::~ZstdWriter() = default;

void ZstdWriter::write(std::string_view bytes) { state_->compress(bytes, ZSTD_e_continue); }

void ZstdWriter::commit() {
  state_->compress({}, ZSTD_e_end);
  state_->file.commit();
}

}  // namespace conceptune
