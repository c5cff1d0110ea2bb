# embed.cmake: writes OUTPUT, a C++ source that defines
#   extern const char* const SYMBOL[]; SYMBOL_size
# from the text file INPUT, one string literal a line.
file(READ ${INPUT} text)
string(REPLACE "\\" "\\\\" text "${text}")
string(REPLACE "\"" "\\\"" text "${text}")
string(REPLACE "\n" "\\n\"\n\"" text "${text}")
file(WRITE ${OUTPUT} "#include <string_view>\nextern const std::string_view ${SYMBOL};\nconst std::string_view ${SYMBOL} =\n\"${text}\";\n")
