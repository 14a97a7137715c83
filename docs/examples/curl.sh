# mockllm &   (prints http://127.0.0.1:8001)
curl -sN "${MOCKLLM_URL:-http://127.0.0.1:8001}/v1/chat/completions" -H 'Content-Type: application/json' -d '{
  "model": "mock-ttft50-itl5-tokens12",
  "stream": true,
  "messages": [{"role": "user", "content": "Tell me about rivers"}]
}'
