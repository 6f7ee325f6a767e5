import type { KnownError } from '../known-error.ts';
import { githubIssue, llamaCppFile } from '../sources.ts';

/** Hugging Face, downloads and the network. */
export const hubErrors: readonly KnownError[] = [
  {
    id: 'hub-gated',
    title: 'The model is gated: its owner wants you to agree first',
    role: 'cause',
    patterns: [
      /\bGatedRepoError\b/,
      /Cannot access gated repo/,
      /Access to model \S{1,120} is restricted/,
      /You are trying to access a gated repo/,
      /huggingface\.co\b.{0,200}\b401\b/i,
      /\b401\b.{0,80}huggingface\.co/i,
      /GET failed \(401\)/,
    ],
    cause:
      'Hugging Face gives this file only to accounts that accepted the terms on its page, and the download was without a token or with one of another account. A misspelt name gives 401 too.',
    fix: 'Accept the terms on the page of the model, make a token that may read, and set it.',
    commands: [
      'export HF_TOKEN=hf_...',
      'curl -s -H "Authorization: Bearer $HF_TOKEN" https://huggingface.co/api/whoami-v2',
    ],
    examples: [
      {
        log: 'huggingface_hub.errors.GatedRepoError: 401 Client Error. (Request ID: Root=1-66f4b037-1bf3d7d219afbc904ee05694;5601d2c9-8fd8-4ed8-b38d-d8a432e1fa59)',
        source: githubIssue('ToTheBeginning/PuLID#97'),
      },
      {
        log: 'Access to model google/gemma-2-2b-it is restricted. You must have access to it and be authenticated to access it. Please log in.',
        source: githubIssue('city96/ComfyUI_ExtraModels#99'),
      },
      {
        log: 'get_repo_commit: error: GET failed (401): {"error":"Invalid username or password."}',
        source: llamaCppFile('common/hf-cache.cpp'),
      },
    ],
  },
  {
    id: 'hub-forbidden',
    title: 'The token does not allow this download',
    role: 'cause',
    patterns: [/403 Client Error/, /GET failed \(403\)/, /\b403\b.{0,10}Forbidden/i],
    cause:
      'The host knows who asks and refuses: the terms are not accepted yet, a fine-grained token lacks the right to gated repositories, or a link has expired.',
    fix: 'Check the page of the model with the same account, then the rights of the token.',
    commands: ['curl -s -H "Authorization: Bearer $HF_TOKEN" https://huggingface.co/api/whoami-v2'],
    examples: [
      {
        log: '2024-03-16 15:59:37 ERROR 403: Forbidden..',
        source: githubIssue('meta-llama/llama#1070'),
      },
      {
        log: 'huggingface_hub.utils._errors.HfHubHTTPError: 403 Client Error: Forbidden for url: https://huggingface.co/meta-llama/Llama-2-7b/resolve/main/config.json',
        source:
          'https://github.com/huggingface/huggingface_hub/blob/main/src/huggingface_hub/utils/_http.py',
      },
    ],
  },
  {
    id: 'hub-not-found',
    title: 'Hugging Face has no such repository, revision or file',
    role: 'cause',
    patterns: [
      /\b(?:Entry|Repository|Revision)NotFoundError\b/,
      /(?:Entry|Repository|Revision) Not Found for url/,
      /GET failed \(404\)/,
      /404 Client Error/,
      /no GGUF files found in repository (?<repository>\S{1,120})/,
    ],
    cause:
      'The name is misspelt (upper and lower case count), the file or its quantization is not in the repository, or it was renamed or is private.',
    fix: 'Open the list of files of the repository and copy the name.',
    commands: ['curl -s https://huggingface.co/api/models/OWNER/REPO | head -c 300'],
    examples: [
      {
        log: "0.00.073.098 E get_repo_commit: error: GET failed (404): Sorry, we can't find the page you are looking for.",
        source: githubIssue('vtuber-plan/olah#85'),
      },
      {
        log: 'huggingface_hub.utils._errors.RepositoryNotFoundError: 401 Client Error.',
        source: githubIssue('Sudharsanselvaraj/Token-Print#305'),
      },
    ],
  },
  {
    id: 'hub-rate-limit',
    title: 'Too many requests: Hugging Face asks to wait',
    role: 'cause',
    patterns: [/429 Client Error/, /GET failed \(429\)/, /\b429\b.{0,10}Too Many Requests/i],
    cause: 'The address, shared with others on Colab, in offices and in CI, has used up its share.',
    fix: 'Wait some minutes, or ask with a token, which has a share of its own. What is there already can be used without asking.',
    commands: ['export HF_TOKEN=hf_...', 'export HF_HUB_OFFLINE=1'],
    examples: [
      {
        log: 'get_repo_files: error: GET failed (429): <!DOCTYPE html>',
        source: githubIssue('ggml-org/llama.cpp#21677'),
      },
      {
        log: 'huggingface_hub.errors.HfHubHTTPError: 429 Client Error: Too Many Requests for url: https://huggingface.co/openai/clip-vit-base-patch32/resolve/main/preprocessor_config.json',
        source: githubIssue('dimensionalOS/dimos#2397'),
      },
    ],
  },
  {
    id: 'hub-unavailable',
    title: 'The host has a fault of its own',
    role: 'cause',
    patterns: [
      /\b5\d\d Server Error/,
      /GET failed \(5\d\d\)/,
      /\b(?:502 Bad Gateway|503 Service Unavailable|504 Gateway Time-?out)\b/i,
    ],
    cause: 'The server answered with an error of its own (5xx); a proxy in between may do so too.',
    fix: 'Try again later; downloads go on where they stopped.',
    commands: ['curl -sI https://huggingface.co | head -1'],
    examples: [
      {
        log: 'requests.exceptions.HTTPError: 504 Server Error: Gateway Time-out for url: https://huggingface.co/api/models/TheBloke/Llama-2-7B-GGUF',
        source: 'https://github.com/psf/requests/blob/main/src/requests/models.py',
      },
      {
        log: 'get_repo_commit: error: GET failed (502): Bad Gateway',
        source: llamaCppFile('common/hf-cache.cpp'),
      },
    ],
  },
  {
    id: 'network-tls',
    title: 'The certificate of the host is not trusted',
    role: 'cause',
    patterns: [
      /CERTIFICATE_VERIFY_FAILED/,
      /SSL certificate problem/i,
      /SSL server verification failed/i,
      /unable to get local issuer certificate/i,
      /SELF_SIGNED_CERT_IN_CHAIN|self[- ]signed certificate/i,
    ],
    cause:
      'A proxy of the network puts its own certificate in place, the system has no list of certificates (ca-certificates is missing in small images), or its clock is wrong.',
    fix: 'Install ca-certificates; in a company network add the certificate of the proxy and name it.',
    commands: [
      'date',
      'sudo apt-get install -y ca-certificates',
      'export SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt',
    ],
    examples: [
      {
        log: 'curl: (60) SSL certificate problem: unable to get local issuer certificate',
        source: 'https://curl.se/docs/sslcerts.html',
      },
      {
        log: 'ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1007)',
        source: 'https://docs.python.org/3/library/ssl.html#ssl.SSLCertVerificationError',
      },
    ],
  },
  {
    id: 'network-dns',
    title: 'The name of the host cannot be resolved',
    role: 'cause',
    patterns: [
      /Temporary failure in name resolution/,
      /Name or service not known/,
      /Could not resolve host/i,
      /getaddrinfo (?:ENOTFOUND|EAI_AGAIN)/,
      /NameResolutionError/,
    ],
    cause:
      'There is no network or no name server here: a machine without internet (Kaggle notebooks have a switch), a container without DNS, or only a proxy leads out.',
    fix: 'Check the network; set HTTPS_PROXY where a proxy leads out; else bring the file over and give its path.',
    commands: ['getent hosts huggingface.co', 'echo "HTTPS_PROXY=$HTTPS_PROXY"'],
    examples: [
      {
        log: "MaxRetryError: HTTPSConnectionPool(host='huggingface.co', port=443): Max retries exceeded with url: /roberta-base/resolve/main/config.json (Caused by NameResolutionError(\"<urllib3.connection.HTTPSConnection object at 0x7f93ef725670>: Failed to resolve 'huggingface.co' ([Errno -2] Name or service not known)\"))",
        source: githubIssue('yuh-zha/AlignScore#17'),
      },
    ],
  },
  {
    id: 'network-timeout',
    title: 'The host does not answer',
    role: 'cause',
    patterns: [
      /ConnectTimeoutError/,
      /Connection to \S{1,120} timed out/,
      /\bETIMEDOUT\b/,
      /UND_ERR_CONNECT_TIMEOUT/,
      /An error happened while trying to locate the files? on the Hub/,
      /ProxyError/,
      /ERR_TUNNEL_CONNECTION_FAILED|Tunnel connection failed/,
    ],
    cause:
      'A firewall swallows the connection, a proxy is needed and not set, is set and wrong, or the network is slow.',
    fix: 'Try the host with curl; set HTTPS_PROXY, or HF_ENDPOINT where a mirror is used.',
    commands: ['curl -sI --max-time 10 https://huggingface.co | head -1', 'env | grep -i proxy'],
    examples: [
      {
        log: "'Connection to huggingface.co timed out. (connect timeout=10)'",
        source: githubIssue('Avarok-Cybersecurity/dgx-vllm#16'),
      },
      {
        log: 'huggingface_hub.errors.LocalEntryNotFoundError: An error happened while trying to locate the file on the Hub and we cannot find the requested files in the local cache. Please check your connection and try again or make sure your Internet connection is on.',
        source: githubIssue('mattyamonaca/layerdivider#53'),
      },
    ],
  },
  {
    id: 'https-not-built',
    title: 'This llama.cpp was built without HTTPS',
    role: 'cause',
    patterns: [
      /HTTPS is not supported\. Please rebuild/,
      /HTTPS requested but CPPHTTPLIB_OPENSSL_SUPPORT is not defined/,
      /built without (?:libcurl|CURL|SSL)/i,
    ],
    cause: '-hf and --model-url need HTTPS, which this build leaves out.',
    fix: 'Fetch the file with another program and give it with -m, or build with OpenSSL.',
    commands: [
      'llcuda pull hf:OWNER/REPO:FILE.gguf',
      'cmake -B build -DGGML_CUDA=ON -DLLAMA_OPENSSL=ON',
    ],
    examples: [
      {
        log: 'HTTPS is not supported. Please rebuild with one of:',
        source: githubIssue('lemonade-sdk/llamacpp-rocm#62'),
      },
    ],
  },
  {
    id: 'download-failed',
    title: 'A download broke off',
    role: 'failure',
    patterns: [
      /download failed: (?<reason>[\w ]{1,60}) \(status: -?\d{1,4}\)/,
      /\bECONNRESET\b/,
      /Connection reset by peer/i,
      /IncompleteRead\(/,
      /HTTPLIB failed: /,
    ],
    cause: 'The connection ended before the file was complete ({reason|see the line}).',
    fix: 'Run the same command again: downloads go on where they stopped.',
    commands: ['llcuda pull hf:OWNER/REPO:FILE.gguf'],
    examples: [
      {
        log: 'common_pull_file: download failed: Connection (status: -1)',
        source: llamaCppFile('common/download.cpp'),
      },
    ],
  },
];
